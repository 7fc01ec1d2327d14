import { firstValueFrom } from 'rxjs'
import { connect } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { heapMegabytes } from '../support/heap'
import { expectThat, report } from './report'

const EVENTS = 1_000_000
/**
 * How many are fired before the agent waits for its reader. A stream drops what is more than 512 ahead of a
 * slow reader.
 */
const BURST = 500
const MOST_GROWTH = 20

/** A million events over one stream: none is lost, and no memory is kept. */
export async function manyEvents(): Promise<void> {
  const agent = await TestAgent.start()
  try {
    const connection = await firstValueFrom(connect({ port: agent.port, authKey: '' }))
    let received = 0
    let inOrder = true
    const streaming = connection.stream('user').subscribe(({ ltime }) => {
      received++
      inOrder &&= ltime === received
    })
    await agent.streaming('user')
    const fire = async (count: number) => {
      for (let fired = 0; fired < count; fired += BURST) {
        for (let index = 0; index < BURST; index++) agent.userEvent('tick', 'payload', { coalesce: false })
        await agent.drained()
      }
    }
    const arrived = async (count: number) => {
      while (received < count) await new Promise((resolve) => setTimeout(resolve, 1))
    }

    const warmUp = 50_000
    await fire(warmUp)
    await arrived(warmUp)
    const before = heapMegabytes()
    const start = performance.now()
    await fire(EVENTS)
    await arrived(warmUp + EVENTS)
    const seconds = (performance.now() - start) / 1_000
    const growth = heapMegabytes() - before
    report('1,000,000 events: streamed, decoded and delivered in', `${seconds.toFixed(1)} s`)
    report('1,000,000 events: rate', `${Math.round(EVENTS / seconds).toLocaleString('en')} a second`)
    report('1,000,000 events: heap after minus before', `${growth.toFixed(1)} MB`)
    expectThat('none was lost, and all came in order', received === warmUp + EVENTS && inOrder)
    expectThat(`the heap grows by less than ${MOST_GROWTH} MB`, growth < MOST_GROWTH)
    streaming.unsubscribe()
    connection.close()
  } finally {
    await agent.stop()
  }
}
