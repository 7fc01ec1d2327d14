import { Subject, takeUntil } from 'rxjs'
import { observe } from '../support/observe/recording'
import { settle } from '../support/time/settle'
import { virtualClient } from '../support/peers/virtual-client'

describe('a connection of its own', () => {
  it('does not delay the shared one, and is closed with its call', async () => {
    const { client, agent } = virtualClient()
    agent.silent.add('join')
    const join = observe(client.join('a'))
    const monitors = [observe(client.monitor()), observe(client.monitor('warn'))]
    const members = observe(client.members())
    await settle()
    expect(members.completed).toBe(true)
    expect(agent.open).toHaveLength(4)
    join.unsubscribe()
    for (const each of monitors) each.unsubscribe()
    await settle()
    expect(agent.open).toHaveLength(1)
  })

  it('is replaced after a loss, for a monitor', async () => {
    const { client, agent, clock } = virtualClient()
    const monitor = observe(client.monitor('warn'))
    await settle()
    agent.asked('monitor')[0]?.connection.end()
    await clock.pass(100)
    agent.drop()
    await clock.pass(1_000)
    const latest = agent.asked('monitor').at(-1)
    expect(agent.asked('monitor')).toHaveLength(3)
    latest?.connection.reply(latest.seq, { Log: 'a line' })
    await settle()
    expect(monitor).toMatchObject({ values: ['a line'], error: undefined })
  })

  it('is replaced after a loss for a read, and errors a write', async () => {
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

  it('that the agent closes means a bad pattern if the agent still answers, else a loss', async () => {
    const { client, agent, clock, status } = virtualClient()
    agent.silent.add('members-filtered')
    const bad = observe(client.membersFiltered({ name: '(' }))
    await settle()
    agent.asked('members-filtered')[0]?.connection.end()
    await settle()
    expect(bad.error).toMatchObject({ name: 'RpcError', code: 'INVALID_FILTER' })
    expect(agent.asked('members-filtered')).toHaveLength(1)
    expect(status.values).toEqual(['idle', 'connecting', 'ready'])
    expect(agent.open).toHaveLength(1)
    const good = observe(client.membersFiltered({ name: 'a+' }))
    await settle()
    agent.answers.set('members-filtered', () => ({ body: { Members: [] } }))
    agent.silent.clear()
    agent.silent.add('get-coordinate')
    agent.asked('members-filtered')[1]?.connection.end()
    await settle()
    agent.drop()
    await clock.pass(1_000)
    expect(good).toMatchObject({ values: [[]], completed: true })
  })

  it('is closed when its call is unsubscribed while it is dialled', async () => {
    const stop$ = new Subject<void>()
    const { client, agent } = virtualClient({
      socket: () => {
        if (agent.dials > 0) stop$.next()
        return agent.dial()
      },
    })
    // With a reply the connection would be closed in any case.
    agent.silent.add('list-keys')
    observe(client.listKeys().pipe(takeUntil(stop$)))
    await settle()
    expect(agent.dials).toBe(2)
    expect(agent.open).toHaveLength(1)
  })
})
