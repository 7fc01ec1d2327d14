import { Client } from '../../lib/client/client'
import { observe } from '../support/observe/recording'
import { FakeAgent } from '../support/peers/fake-agent'
import { ManualClock } from '../support/time/manual-clock'
import { settle } from '../support/time/settle'

const stamp = '2026/01/01 00:00:00'
const dropped = (port: number) => `${stamp} [WARN] agent.ipc: Dropping event to ipc.client: 10.0.0.1:${port}`
const accepted = (port: number) => `${stamp} [INFO] agent.ipc: Accepted client: 10.0.0.1:${port}`

/**
 * A client that watches drops. Its shared connection has the local port 1, and the one that reads the log the
 * port 2.
 */
async function watching(hasPorts = true) {
  const clock = new ManualClock()
  const agent = new FakeAgent()
  let port = 0
  const socket = () => Object.assign(agent.dial(), hasPorts ? { localPort: ++port } : {})
  const client = new Client({ host: 'agent', port: 1, watchDrops: true, socket }, { clock, random: () => 1 })
  const gaps = observe(client.gaps$)
  observe(client.stream('user'))
  await settle()
  const log = async (...lines: string[]) => {
    const monitor = agent.asked('monitor').at(-1)
    for (const line of lines) monitor?.connection.reply(monitor.seq, { Log: line })
    await settle()
  }
  return { agent, clock, client, gaps, log }
}

describe('watchDrops', () => {
  it('distinguishes our drops from those of other clients when the agent sees our ports', async () => {
    const { gaps, log } = await watching()
    await log(accepted(2), dropped(7))
    expect(gaps.values).toEqual([])
    await log(dropped(1))
    expect(gaps.values).toMatchObject([{ reason: 'dropped' }])
  })

  it('ignores drops in the past of the log', async () => {
    const { gaps, log, clock } = await watching()
    await log(dropped(1), accepted(1), accepted(2))
    await clock.pass(2_000)
    expect(gaps.values).toEqual([])
  })

  it.each([
    ['behind a proxy, which has ports of its own', true],
    ['over a socket without a port', false],
  ])('counts the drops of any client %s', async (_, hasPorts) => {
    const { gaps, log, clock } = await watching(hasPorts)
    await log(accepted(40_001), accepted(40_002))
    await clock.pass(1_000)
    expect(gaps.values).toEqual([])
    await log(dropped(40_001))
    expect(gaps.values).toMatchObject([{ reason: 'dropped' }])
  })

  it('misses no drop before it knows that there is a proxy', async () => {
    const { gaps, log, clock } = await watching()
    await log(accepted(40_002), dropped(40_001))
    await clock.pass(999)
    expect(gaps.values).toEqual([])
    await clock.pass(1)
    expect(gaps.values).toHaveLength(1)
  })

  it('reports one gap for a burst, and another at its end', async () => {
    const { gaps, log, clock } = await watching()
    await log(accepted(2))
    for (let line = 0; line < 100; line++) await log(dropped(1))
    expect(gaps.values).toHaveLength(1)
    await clock.pass(1_000)
    expect(gaps.values).toHaveLength(2)
    await clock.pass(10_000)
    expect(gaps.values).toHaveLength(2)
    await log(dropped(1))
    expect(gaps.values).toHaveLength(3)
  })

  it('opens another connection for the log after a loss, and never keeps the process alive', async () => {
    const { agent, client, clock, gaps, log } = await watching()
    await log(accepted(2))
    agent.asked('monitor')[0]?.connection.end()
    await clock.pass(100)
    expect(agent.asked('monitor')).toHaveLength(2)
    await log(accepted(3), dropped(1))
    expect(gaps.values).toHaveLength(1)
    expect(agent.asked('monitor').every(({ connection }) => !connection.socket.held)).toBe(true)
    client.close()
    await settle()
    expect(clock.due()).toEqual([])
    expect(agent.open).toEqual([])
  })
})
