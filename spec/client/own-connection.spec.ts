import {
  getCoordinateCall,
  joinCall,
  membersFilteredCall,
  monitorCall,
  queryCall,
} from '../../lib/protocol/calls'
import { needsOwnConnection, retryPolicyOf } from '../../lib/client/retry-policy'
import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'

describe('connections of their own', () => {
  it('are for what waits for other nodes, for monitors and for patterns that may be bad', () => {
    expect(
      [joinCall('a'), monitorCall('warn'), membersFilteredCall({ name: 'a.*' })].map(needsOwnConnection),
    ).toEqual([true, true, true])
    expect(
      [getCoordinateCall('a'), membersFilteredCall({ name: 'a' }), queryCall('q')].map(needsOwnConnection),
    ).toEqual([false, false, false])
    expect([joinCall('a'), monitorCall('warn'), getCoordinateCall('a')].map(retryPolicyOf)).toEqual([
      'never',
      'resubscribe',
      'again',
    ])
  })

  it('leave the shared one free, and are closed with their call', async () => {
    const { client, agent } = virtualClient()
    agent.silent.add('join')
    const join = observe(client.join('a'))
    const monitors = [observe(client.monitor()), observe(client.monitor('warn'))]
    const members = observe(client.members())
    await settle()
    expect(members.completed).toBe(true)
    expect(agent.open.size).toBe(4)
    join.unsubscribe()
    for (const each of monitors) each.unsubscribe()
    await settle()
    expect(agent.open.size).toBe(1)
  })

  it('of monitors come back by themselves', async () => {
    const { client, agent, clock } = virtualClient()
    const monitor = observe(client.monitor('warn'))
    await settle()
    const [{ socket } = { socket: undefined }] = agent.asked('monitor')
    socket?.hangUp()
    await clock.pass(100)
    agent.drop()
    await clock.pass(1_000)
    const { seq, socket: latest } = agent.asked('monitor').at(-1) ?? {}
    expect(agent.asked('monitor')).toHaveLength(3)
    latest?.say({ Error: '', Seq: seq })
    latest?.say({ Log: 'a line' })
    await settle()
    expect(monitor).toMatchObject({ values: ['a line'], error: undefined })
  })

  it('of a write error when they are lost, of a read are made again', async () => {
    const { client, agent, clock } = virtualClient()
    agent.silent.add('join').add('list-keys')
    const join = observe(client.join('a'))
    const keys = observe(client.listKeys())
    await settle()
    agent.silent.clear()
    agent.answers.set('list-keys', () => ({ body: { Keys: { k: 1 }, NumNodes: 1 } }))
    agent.drop()
    await clock.pass(500)
    expect(join.error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(agent.asked('join')).toHaveLength(1)
    expect(keys).toMatchObject({ values: [{ keys: { k: 1 } }], completed: true })
  })

  it('over which an agent hangs up tell of a bad pattern where it is still there, else of a loss', async () => {
    const { client, agent, clock, status } = virtualClient()
    agent.silent.add('members-filtered')
    const bad = observe(client.membersFiltered({ name: '(' }))
    await settle()
    agent.asked('members-filtered')[0]?.socket.hangUp()
    await settle()
    expect(bad.error).toMatchObject({ name: 'RpcError', code: 'INVALID_FILTER' })
    expect(agent.asked('members-filtered')).toHaveLength(1)
    expect(status.values).toEqual(['idle', 'connecting', 'ready'])
    expect(agent.open.size).toBe(1)
    const good = observe(client.membersFiltered({ name: 'a+' }))
    await settle()
    agent.answers.set('members-filtered', () => ({ body: { Members: [] } }))
    agent.silent.clear()
    agent.silent.add('get-coordinate')
    agent.asked('members-filtered')[1]?.socket.hangUp()
    await settle()
    agent.drop()
    await clock.pass(1_000)
    expect(good).toMatchObject({ values: [[]], completed: true })
  })
})
