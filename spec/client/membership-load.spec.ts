import { packed } from '../support/peers/fake-agent'
import { observe } from '../support/observe/observed'
import { virtualClient } from '../support/peers/virtual-client'

const MEMBERS = 10_000
const CHANGES = 100
const SECONDS = 10

function record(index: number, version: number) {
  return {
    Addr: Buffer.from([10, 0, index >> 8, index & 255]),
    DelegateCur: 5,
    DelegateMax: 5,
    DelegateMin: 2,
    Name: `node-${index}`,
    Port: 7946,
    ProtocolCur: 2,
    ProtocolMax: 5,
    ProtocolMin: 1,
    Status: 'alive',
    Tags: { role: 'web', version: `${version}`, dc: 'eu-central-1' },
  }
}

describe('membership under load', () => {
  it(`follows ${CHANGES} changes a second among ${MEMBERS} members with a fifth of a core`, async () => {
    const { client, agent, clock } = virtualClient()
    const list = packed({ Members: Array.from({ length: MEMBERS }, (_, index) => record(index, 0)) })
    agent.answers.set('members', () => ({ body: list }))
    const maps = observe(client.membership())
    await clock.pass(100)
    expect(maps.values.at(-1)?.size).toBe(MEMBERS)
    maps.values.length = 0
    const before = process.cpuUsage()
    for (let change = 0; change < CHANGES * SECONDS; change++) {
      agent.emit({ Event: 'member-update', Members: [record(change % MEMBERS, change)] })
      await clock.pass(1_000 / CHANGES)
    }
    const { user, system } = process.cpuUsage(before)
    // With the work of the fake agent and of the clock.
    expect((user + system) / 1e6).toBeLessThan(0.2 * SECONDS)
    expect(maps.values.length).toBeGreaterThan(10 * SECONDS)
    expect(maps.values.length).toBeLessThanOrEqual(20 * SECONDS + 5)
  })
})
