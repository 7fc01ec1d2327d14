/** An independent client: the `serf` command line, which knows nothing of ours. */
import { type ChildProcess, spawn } from 'node:child_process'
import { TestAgent } from 'serfx/testing'
import { serf } from '../support/agents/serf-command'
import { until } from '../support/time/until'

const KEY = 'MDEyMzQ1Njc4OWFiY2RlZg=='
const OTHER = 'ZmVkY2JhOTg3NjU0MzIxMA=='

describe('the serf command line', () => {
  let agent: TestAgent
  const authKey = 'open sesame'
  const ask = (command: string, ...args: string[]) =>
    serf({ host: agent.host, port: agent.port, authKey }, command, ...args)

  beforeEach(async () => {
    agent = await TestAgent.start({
      name: 'node-a',
      authKey,
      encryptKey: KEY,
      tags: { role: 'web' },
      members: [
        { name: 'node-b', addr: '10.0.0.2', tags: { role: 'db' } },
        { name: 'node-c', addr: 'fe80::1', status: 'failed' },
      ],
    })
  })
  afterEach(() => agent.stop())

  it('members', async () => {
    const lines = (await ask('members')).trim().split('\n')
    expect(lines.map((line) => line.split(/\s+/).slice(0, 4))).toEqual([
      ['node-a', `127.0.0.1:${agent.port}`, 'alive', 'role=web'],
      ['node-b', '10.0.0.2:7946', 'alive', 'role=db'],
      ['node-c', '[fe80::1]:7946', 'failed'],
    ])
  })

  it('members -tag, -status, -name', async () => {
    expect(await ask('members', '-tag', 'role=d.')).toMatch(/^node-b\s/)
    expect(await ask('members', '-status', 'failed')).toMatch(/^node-c\s/)
    expect(await ask('members', '-name', 'node-[ab]')).toMatch(/^node-a\s.*\nnode-b\s.*\n$/)
  })

  it('is refused without the key', async () => {
    await expect(serf({ host: agent.host, port: agent.port }, 'members')).rejects.toMatchObject({
      stdout: expect.stringContaining('Authentication required'),
    })
  })

  it('info', async () => {
    const info = JSON.parse(await ask('info', '-format=json')) as Record<string, Record<string, string>>
    expect(info).toMatchObject({
      agent: { name: 'node-a' },
      serf: { encrypted: 'true', failed: '1', members: '3' },
      tags: { role: 'web' },
    })
  })

  it('event', async () => {
    const requests: unknown[] = []
    agent.requests$.subscribe((request) => requests.push(request))
    expect(await ask('event', '-coalesce=false', 'deploy', 'v1.2.3')).toContain("Event 'deploy' dispatched")
    expect(requests).toContainEqual({
      command: 'event',
      seq: expect.any(Number),
      body: { Name: 'deploy', Payload: Buffer.from('v1.2.3'), Coalesce: false },
    })
  })

  it('query', async () => {
    agent.onQuery('uptime', ({ node, text }) => (node === 'node-b' ? `${text}: 3 days` : undefined))
    const printed = await ask('query', '-timeout=500ms', 'uptime', 'since')
    expect(printed).toContain("Response from 'node-b': since: 3 days")
    expect(printed).toContain('Total Acks: 2')
    expect(printed).toContain('Total Responses: 1')
  })

  it('query -node, -tag', async () => {
    agent.onQuery('who', ({ node }) => node)
    expect(await ask('query', '-timeout=500ms', '-node=node-a', 'who')).toContain("from 'node-a'")
    const printed = await ask('query', '-timeout=500ms', '-no-ack', '-tag=role=d', 'who')
    expect(printed).toContain("from 'node-b'")
    expect(printed).toContain('Total Responses: 1')
  })

  describe('monitor', () => {
    let monitor: ChildProcess
    afterEach(() => monitor.kill())

    it('prints events and log lines', async () => {
      let printed = ''
      const address = `${agent.host}:${agent.port}`
      monitor = spawn(process.env['SERF_BIN'] ?? 'serf', [
        'monitor',
        `-rpc-addr=${address}`,
        `-rpc-auth=${authKey}`,
      ])
      monitor.stdout?.on('data', (text) => (printed += String(text)))
      await agent.streaming()
      agent.userEvent('deploy', 'v2', { coalesce: false })
      agent.fail('node-b')
      agent.log('agent: hello', 'warn')
      const query = agent.query('uptime')
      await until('events and lines', () =>
        ['Name: "deploy"', 'member-failed', '[WARN] agent: hello', 'Name: "uptime"'].every((text) =>
          printed.includes(text),
        ),
      )
      expect(await query).toBeUndefined()
    })
  })

  it('keys -list, -install, -use, -remove', async () => {
    expect(await ask('keys', '-list')).toContain(`${KEY}  [2/2]`)
    expect(await ask('keys', '-install', OTHER)).toContain('Successfully installed key')
    expect(await ask('keys', '-use', OTHER)).toContain('Successfully changed primary key')
    expect(await ask('keys', '-remove', KEY)).toContain('Successfully removed key')
    const listed = await ask('keys', '-list')
    expect(listed).toContain(`${OTHER}  [2/2]`)
    expect(listed).not.toContain(KEY)
  })

  it('tags -set, -delete', async () => {
    await ask('tags', '-set', 'zone=eu', '-delete', 'role')
    expect(agent.members[0]?.tags).toEqual({ zone: 'eu' })
  })

  it('rtt', async () => {
    expect(await ask('rtt', 'node-b')).toMatch(/^Estimated node-b <-> node-a rtt: 0\.020 ms/)
    agent.place('node-b', { vec: [0.01, 0, 0, 0, 0, 0, 0, 0], height: 0, adjustment: 0, error: 0.1 })
    expect(await ask('rtt', 'node-a', 'node-b')).toContain('rtt: 10.010 ms')
  })

  it('force-leave', async () => {
    await ask('force-leave', 'node-c')
    expect(agent.members[2]?.status).toBe('left')
    await ask('force-leave', '-prune', 'node-c')
    expect(agent.members.map(({ name }) => name)).toEqual(['node-a', 'node-b'])
  })

  it('join', async () => {
    agent.onJoin('10.0.0.9:7946', [{ name: 'node-d' }, { name: 'node-e' }])
    expect(await ask('join', '10.0.0.9')).toContain('Successfully joined cluster by contacting 1 nodes')
    expect(agent.members.map(({ name }) => name)).toContain('node-e')
    await expect(ask('join', '127.0.0.1:1')).rejects.toMatchObject({
      stdout: expect.stringContaining('connection refused'),
    })
  })

  it('join, of another test agent', async () => {
    await using other = await TestAgent.start({ name: 'other', encryptKey: KEY })
    await ask('join', other.gossip)
    expect(other.members.map(({ name }) => name).sort()).toEqual(['node-a', 'node-b', 'node-c', 'other'])
  })

  it('leave', async () => {
    expect(await ask('leave')).toContain('Graceful leave complete')
    await until('the agent ends', () => !agent.running && agent.connections === 0)
  })
})
