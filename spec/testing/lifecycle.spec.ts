import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connect, type MemberEvent } from 'serfx'
import * as testing from 'serfx/testing'
import { TestAgent } from 'serfx/testing'
import { requestBytes, WireConnection } from '../support/wire/wire-connection'
import { freePort } from '../support/agents/free-port'
import { failureOf } from '../support/observe/failure'
import { listening } from '../support/observe/recording'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

const run = promisify(execFile)

it('exports this, and nothing else', () => {
  expect(Object.keys(testing)).toEqual(['TestAgent'])
})

describe('a TestAgent', () => {
  const open = (agent: TestAgent) => valueOf(connect({ host: agent.host, port: agent.port, authKey: '' }))

  it('listens where the system says, on loopback, with as many others as one likes', async () => {
    await using one = await TestAgent.start()
    await using two = await TestAgent.start()
    expect(one.host).toBe('127.0.0.1')
    expect(one.port).not.toBe(two.port)
    expect(one.name).toBe('test-agent')
  })

  it('counts who is connected', async () => {
    await using agent = await TestAgent.start()
    expect(agent.connections).toBe(0)
    using one = await open(agent)
    using two = await open(agent)
    expect(agent.connections).toBe(2)
    one.close()
    await until('one is gone', () => agent.connections === 1)
    expect(two.closed).toBe(false)
  })

  it('is no more after stop, which may be called again', async () => {
    const agent = await TestAgent.start()
    using connection = await open(agent)
    await agent.stop()
    await agent.stop()
    expect(agent.running).toBe(false)
    expect(await valueOf(connection.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(await failureOf(connect({ port: agent.port, authKey: '' }))).toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  it('comes back on the same port, with its members and without its past', async () => {
    await using agent = await TestAgent.start({ tags: { role: 'web' } })
    const { port } = agent
    using before = await open(agent)
    agent.join({ name: 'scripted' })
    agent.userEvent('deploy')
    await agent.restart()
    expect(agent.port).toBe(port)
    expect(await valueOf(before.closed$)).toMatchObject({ code: 'CONNECTION_LOST' })
    using after = await open(agent)
    expect((await valueOf(after.members())).map(({ name }) => name)).toEqual(['test-agent', 'scripted'])
    expect(await valueOf(after.stats())).toMatchObject({ serf: { event_time: '1' }, tags: { role: 'web' } })
    await agent.stop()
    await agent.restart()
    using again = await open(agent)
    expect(await valueOf(again.members())).toHaveLength(2)
  })

  it('forgets a query that was under way when it stops', async () => {
    const agent = await TestAgent.start()
    const answer = agent.query('unanswered', undefined, { timeout: 60_000 })
    await agent.stop()
    expect(await answer).toBeUndefined()
  })

  it.each([
    { name: '' },
    { encryptKey: 'c2hvcnQ=' },
    { encryptKey: 'no base64' },
    { queryTimeout: -1 },
    { quiescentPeriod: NaN },
    { port: 65_536 },
    { encryptKey: 'MDEyMzQ1Njc4OWFiY2RlZg==', keys: ['short'] },
    { members: [{ addr: 'nowhere' }] },
  ])('cannot be started with %j', async (options) => {
    await expect(TestAgent.start(options)).rejects.toThrow(/option|address/)
  })

  it.each([
    [{ nmae: 'x' }, 'there is no "nmae"; valid: name, port, authKey'],
    [{ port: '7373' }, 'the option port must be an integer, not "7373"'],
    [{ tags: ['web'] }, 'the option tags must be an object of strings, not an array'],
    [{ keys: ['MDEyMzQ1Njc4OWFiY2RlZg=='] }, 'the option keys needs encryptKey'],
    [{ members: [{ nmae: 'x' }] }, 'a member: there is no "nmae"'],
    [{ members: {} }, 'the option members must be an array, not an object'],
    [{ members: [null] }, 'a member must be an object, not null'],
    [{ members: [{ name: 5 }] }, 'the name of a member must be a string'],
    [{ tags: new Map([['role', 'web']]) }, 'the option tags must be a plain object of strings'],
  ])('refuses %j with what there is', async (options, message) => {
    const started = TestAgent.start(options as never)
    await expect(started).rejects.toThrow(TypeError)
    await expect(started).rejects.toThrow(message)
  })

  it('refuses an option of restart that does not exist, and goes on', async () => {
    await using agent = await TestAgent.start()
    await expect(agent.restart({ alnoe: true } as never)).rejects.toThrow('there is no "alnoe"; valid: alone')
    expect(agent.running).toBe(true)
  })

  it('listens on the port that it is told, and says so where that is taken', async () => {
    const port = await freePort()
    await using agent = await TestAgent.start({ port })
    expect(agent.port).toBe(port)
    await expect(TestAgent.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
  })

  it('has more keys than the primary one', async () => {
    const [encryptKey, other] = ['MDEyMzQ1Njc4OWFiY2RlZg==', 'ZmVkY2JhOTg3NjU0MzIxMA==']
    await using agent = await TestAgent.start({ encryptKey, keys: [other, encryptKey] })
    using connection = await open(agent)
    expect((await valueOf(connection.listKeys())).keys).toEqual({ [encryptKey]: 1, [other]: 1 })
    await valueOf(connection.useKey(other))
  })

  it('forgets with a restart what was set over RPC, and comes back with its cluster or alone', async () => {
    await using agent = await TestAgent.start({
      tags: { role: 'web' },
      members: [{ name: 'db' }, { name: 'old', status: 'failed' }],
    })
    using before = await open(agent)
    await valueOf(before.tags({ role: 'db', zone: 'eu' }))

    await agent.restart()
    using after = await open(agent)
    expect(await valueOf(after.members())).toMatchObject([
      { tags: { role: 'web' } },
      { name: 'db' },
      { name: 'old' },
    ])

    await agent.restart({ alone: true })
    using alone = await open(agent)
    expect((await valueOf(alone.members())).map(({ name }) => name)).toEqual(['test-agent'])
    using events = await listening(alone, alone.stream())
    agent.update('db', { role: 'db' })
    agent.reap('old')
    agent.join({ name: 'new' })
    await agent.drained()
    expect(events.values).toEqual([])

    agent.rejoin()
    agent.rejoin()
    const { members } = (await events.find('the others')) as MemberEvent
    expect(members).toMatchObject([{ name: 'db', tags: { role: 'db' } }, { name: 'new' }])
    expect(agent.members.map(({ name }) => name)).toEqual(['test-agent', 'db', 'new'])
  })

  it('keeps no process alive once it was stopped', async () => {
    const script = `
      const { TestAgent } = require('./dist/testing/index.js')
      const { createClient } = require('./dist/index.js')
      TestAgent.start().then(async (agent) => {
        agent.onQuery('slow', () => new Promise(() => undefined))
        const client = createClient({ port: agent.port })
        client.query('slow', undefined, { timeout: 60_000 }).subscribe({ error: () => undefined })
        await client.members().forEach(() => undefined)
        agent.join({ name: 'x' })
        client.close()
        await agent.stop()
        console.log('stopped')
      })`
    const root = join(__dirname, '..', '..')
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: root, timeout: 15_000 })
    expect(stdout).toBe('stopped\n')
  })
})

describe('a TestAgent that is told several things at once', () => {
  const refuses = async ({ port }: TestAgent) => {
    expect(await failureOf(connect({ port, authKey: '' }))).toMatchObject({ code: 'ECONNREFUSED' })
  }

  it('stops and restarts in turn', async () => {
    await using agent = await TestAgent.start()
    using wire = await WireConnection.greeted(agent)
    await Promise.all([agent.restart(), agent.stop(), agent.restart(), agent.stop()])
    expect(wire.ending).toBeDefined()
    expect(agent.running).toBe(false)
    await refuses(agent)
    await Promise.all([agent.stop(), agent.restart()])
    expect(agent.running).toBe(true)
    using again = await WireConnection.greeted(agent)
    expect(again.ending).toBeUndefined()
  })

  it('refuses connections although it was about to accept them', async () => {
    await using agent = await TestAgent.start()
    agent.faults.refuse()
    const accepting = agent.faults.accept()
    agent.faults.refuse()
    await accepting
    await refuses(agent)
    void agent.faults.accept()
    await agent.stop()
    await refuses(agent)
  })
})

describe('the end of a TestAgent', () => {
  const scenes: Record<string, (agent: TestAgent, wire: WireConnection) => unknown> = {
    'a FIN and then a RST': (agent) => {
      agent.disconnect('fin')
      agent.disconnect('rst')
    },
    'a RST and then a FIN': (agent) => {
      agent.disconnect('rst')
      agent.disconnect('fin')
    },
    'its own hang-up and then a RST': (agent, wire) => {
      agent.faults.every('*').drop('fin')
      agent.requests$.subscribe(() => queueMicrotask(() => agent.disconnect('rst')))
      wire.send(requestBytes('members', 2))
      return until('the client is gone', () => wire.ending)
    },
    'bytes that are not read, and a FIN': (agent, wire) => {
      wire.socket.pause()
      agent.faults.send(Buffer.alloc(20_000_000))
      agent.disconnect('fin')
    },
    'bytes that are not read, and a RST': (agent, wire) => {
      wire.socket.pause()
      agent.faults.send(Buffer.alloc(20_000_000))
      agent.disconnect('rst')
    },
    'pieces that are not read': (agent, wire) => {
      wire.socket.pause()
      agent.faults.split(1_000)
      agent.faults.send(Buffer.alloc(20_000_000))
      agent.disconnect('rst')
    },
    'a client that has ended its side': (_agent, wire) => {
      wire.socket.end()
    },
    'another stop, not awaited': (agent) => {
      void agent.stop()
    },
    'no port': (agent) => agent.faults.refuse(),
  }

  describe.each(Object.entries(scenes))('after %s', (_, scene) => {
    it.each(['stop', 'restart'] as const)('comes with %s', async (method) => {
      await using agent = await TestAgent.start()
      using wire = await WireConnection.greeted(agent)
      await scene(agent, wire)
      await agent[method]()
      expect(agent.running).toBe(method === 'restart')
      expect(agent.connections).toBe(0)
      if (method === 'restart') await agent.stop()
      expect(await failureOf(connect({ port: agent.port, authKey: '' }))).toMatchObject({
        code: 'ECONNREFUSED',
      })
    })
  })
})
