import { connect } from 'serfx'
import { TestAgent } from 'serfx/testing'
import { listening, observe } from '../support/observe/recording'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'
import { unpack } from '../support/wire/unpack'
import { requestBytes, WireConnection } from '../support/wire/wire-connection'

describe('streams of a TestAgent', () => {
  let agent: TestAgent
  beforeEach(async () => {
    agent = await TestAgent.start({ name: 'self' })
  })
  afterEach(() => agent.stop())

  const open = () => valueOf(connect({ host: agent.host, port: agent.port, authKey: '' }))

  it('lose nothing of a burst', async () => {
    using connection = await open()
    using stream = await listening(connection, connection.stream('user'))
    for (let count = 1; count <= 5_000; count++) agent.userEvent('tick', `${count}`, { coalesce: false })
    await until('all', () => stream.values.length === 5_000)
    expect(stream.values.map(({ ltime }) => ltime)).toEqual(
      Array.from({ length: 5_000 }, (_, index) => index + 1),
    )
  })

  it('drop beyond 512 while a reader stalls, of which only the log tells; then it gets the oldest', async () => {
    using wire = await WireConnection.greeted(agent)
    wire.send(requestBytes('stream', 2, { Type: 'user' }))
    await wire.received(1)
    wire.socket.pause()
    using watching = await open()
    using log = await listening(watching, watching.monitor('warn'))
    const fired = 40_000
    for (let count = 0; count < fired; count++) {
      agent.userEvent('tick', 'x'.repeat(400), { coalesce: false })
    }
    const address = `127.0.0.1:${wire.socket.localPort ?? 0}`
    const line = await log.find('the warning', (text) => text.includes('Dropping event'))
    expect(line).toContain(`[WARN] agent.ipc: Dropping event to ipc.client: ${address}`)

    // Others are served all the same.
    expect(await valueOf(watching.members())).toHaveLength(1)
    wire.send(requestBytes('stop', 3, { Stop: 2 }))
    wire.socket.resume()
    await wire.settled()
    await agent.drained()
    const names = wire.objects.map(unpack) as { LTime?: number; Seq?: number }[]
    const times = names.flatMap(({ LTime }) => LTime ?? [])
    expect(times.length).toBeGreaterThan(512)
    expect(times.length).toBeLessThan(fired)
    expect(times).toEqual(times.map((_, index) => index + 1))
  })

  it('have drained once a stalled reader has taken the last few bytes', async () => {
    using wire = await WireConnection.greeted(agent)
    wire.send(requestBytes('stream', 2, { Type: 'user' }))
    await wire.received(1)
    wire.socket.pause()
    // Each round is less than a socket's high-water mark, so Node reports no 'drain' for it.
    const { last } = await until('the kernel is full', async () => {
      for (let count = 0; count < 25; count++) agent.userEvent('tick', 'x'.repeat(400), { coalesce: false })
      const drained = agent.drained().then(() => true)
      const waiting = new Promise<boolean>((resolve) => setImmediate(() => setImmediate(resolve, false)))
      return (await Promise.race([drained, waiting])) ? undefined : { last: drained }
    })
    wire.socket.resume()
    await expect(last).resolves.toBe(true)
  })

  it('are known before the first event, with streaming', async () => {
    using connection = await open()
    const streaming = agent.streaming('user:deploy')
    using other = await listening(connection, connection.stream('query'))
    using stream = observe(connection.stream(['user', 'member-join']))
    await streaming
    agent.userEvent('deploy', 'v1', { coalesce: false })
    expect((await stream.find('the event')).type).toBe('user')
    expect(other.values).toEqual([])
    await agent.streaming()
    await expect(agent.streaming('nonsense' as 'user')).rejects.toThrow(TypeError)
  })

  it('are known with streaming when the agent was slow to open them', async () => {
    agent.faults.next('stream').delay(20)
    using connection = await open()
    using stream = observe(connection.stream('user'))
    await agent.streaming('user')
    agent.userEvent('deploy', 'v1', { coalesce: false })
    expect((await stream.find('the event')).text).toBe('v1')
  })

  it('have a log: at most 512 lines of the past, then each line', async () => {
    for (let count = 0; count < 2_000; count++) agent.log(`agent: line ${count}`, 'warn')
    agent.log('agent: whisper', 'debug')
    using connection = await open()
    using monitor = await listening(connection, connection.monitor('warn'))
    const count = monitor.values.length
    expect(count).toBeLessThanOrEqual(512)
    expect(monitor.values.at(-1)).toMatch(/^\d{4}(\/\d\d){2} (\d\d:){2}\d\d \[WARN\] agent: line 1999$/)
    agent.log('agent: more', 'err')
    await monitor.find('the new line', (line) => line.endsWith('[ERR] agent: more'))
    expect(monitor.values.join()).not.toContain('whisper')
  })

  it('show every request to those who want to see', async () => {
    const seen: unknown[] = []
    agent.requests$.subscribe((request) => seen.push(request))
    using connection = await open()
    await valueOf(connection.members())
    await valueOf(connection.tags({ a: 'b' }))
    expect(seen).toMatchObject([
      { command: 'handshake', body: { Version: 1 } },
      { command: 'members', body: undefined },
      { command: 'tags', body: { Tags: { a: 'b' }, DeleteTags: [] } },
    ])
  })
})
