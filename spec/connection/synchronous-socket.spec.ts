import { observe, type Recording } from '../support/observe/recording'
import { header, pack } from '../support/wire/pack'
import { ready } from '../support/peers/ready'
import { until } from '../support/time/until'

describe('a socket that answers within the write', () => {
  it('serves one request after another', async () => {
    const { peer, connection } = await ready()
    peer.answer = ({ seq }) => header(seq)
    let left = 2000
    const ended = await new Promise<string>((resolve) => {
      const next = () =>
        connection.tags({}).subscribe({
          complete: () => (--left > 0 ? next() : resolve('all answered')),
          error: (error: unknown) => resolve(String(error)),
        })
      next()
    })
    expect(ended).toBe('all answered')
    connection.close()
  })

  it('can answer while a chunk is being decoded', async () => {
    const { peer, connection } = await ready()
    peer.answer = ({ command, seq }) =>
      command === 'stream' || command === 'respond' ? header(seq) : undefined
    const order: string[] = []
    const answers: Recording<void>[] = []
    connection.stream('query').subscribe({
      next: (query) => {
        order.push(`query ${query.id}`)
        // So many that they are written at once, within this callback.
        for (let count = 0; count < 30; count++) {
          answers.push(observe(query.respond()))
        }
      },
      error: () => undefined,
    })
    const seq = await peer.seqOf('stream')
    const query = (id: number) =>
      Buffer.concat([header(seq), pack({ Event: 'query', ID: id, LTime: 1, Name: 'q', Payload: null })])
    peer.send(Buffer.concat([query(1), query(2)]), query(3))
    await until(
      'all are answered',
      () => answers.length === 90 && answers.every(({ completed }) => completed),
    )
    expect(order).toEqual(['query 1', 'query 2', 'query 3'])
    connection.close()
  })
})
