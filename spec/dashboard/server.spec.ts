import { request } from 'node:http'
import { connect } from 'node:net'
import type { Member } from 'serfx'
import { TestAgent } from 'serfx/testing'
import type { Action, Update } from '../../examples/dashboard/messages'
import { type Dashboard, startDashboard } from '../../examples/dashboard/server/dashboard'
import { until } from '../support/time/until'

let agent: TestAgent
let dashboard: Dashboard

async function start(
  members: readonly Partial<Member>[] = [],
  allow: Action[] = ['query', 'event'],
): Promise<void> {
  agent = await TestAgent.start({ name: 'calm', members })
  const { host, port } = agent
  const listen = { host: '127.0.0.1', port: 0 }
  dashboard = await startDashboard({ agent: { host, port }, listen, allow, hosts: ['dash.example'] })
}

async function stop(): Promise<void> {
  await dashboard.close()
  await agent.stop()
}

interface Answer {
  status: number
  headers: Record<string, unknown>
  body: string
}

/** `fetch` would not let a spec choose the host. */
function ask(path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  const { port } = new URL(dashboard.url)
  return new Promise((resolve, reject) => {
    const asking = request(
      // A connection each: one whose body was not read to its end is of no more use.
      {
        host: '127.0.0.1',
        port,
        path,
        headers,
        method: body === undefined ? 'GET' : 'POST',
        agent: false,
      },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += String(chunk)))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
      },
    )
    asking.on('error', reject)
    asking.end(body)
  })
}

const ready = () => until('the agent is there', async () => (await ask('/healthz')).status === 200)
const ours = () => ({ origin: new URL(dashboard.url).origin, 'content-type': 'application/json' })
const QUERY = { tab: 'x', id: 1, name: 'q', payload: '', filterNodes: [], filterTags: {}, timeout: 1_000 }
const EVENT = { name: 'deploy', payload: 'v1', coalesce: false }

describe('who may ask', () => {
  beforeAll(() => start())
  afterAll(stop)

  it.each([
    ['another name', 'evil.example', 421],
    ['another name with our port', 'evil.example:7380', 421],
    ['no host name', 'a b', 400],
    ['an address', '127.0.0.1:1', 200],
    ['an address of IPv6', '[::1]:80', 200],
    ['localhost', 'LOCALHOST:80', 200],
    ['a name of --host', 'dash.example', 200],
  ])('%s as host', async (_, host, status) => {
    for (const path of ['/', '/metrics']) expect((await ask(path, { host })).status).toBe(status)
  })

  it.each([
    ['none', undefined],
    ['of another site', 'http://evil.example'],
    ['of another port', 'http://127.0.0.1:1'],
    ['null', 'null'],
  ])('an origin that is not ours, to send: %s', async (_, origin) => {
    const headers = { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) }
    for (const path of ['/query', '/event', '/log'])
      expect((await ask(path, headers, JSON.stringify(EVENT))).status).toBe(403)
  })

  it('an origin of another site, to read', async () => {
    expect((await ask('/stream', { origin: 'http://evil.example' })).status).toBe(403)
  })

  it('says in each answer what the page may load', async () => {
    const { headers } = await ask('/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect((await ask('/', { host: 'evil.example' })).headers['content-security-policy']).toBe(policy)
  })
})

describe('what is sent', () => {
  beforeAll(async () => {
    await start()
    await ready()
  })
  afterAll(stop)

  it('fires an event', async () => {
    const commands: string[] = []
    agent.requests$.subscribe(({ command }) => commands.push(command))
    expect((await ask('/event', ours(), JSON.stringify(EVENT))).status).toBe(204)
    expect(commands.filter((command) => command === 'event')).toHaveLength(1)
  })

  it.each([
    ['no JSON', '/event', '{', 'not JSON'],
    ['no object', '/event', '7', 'an object'],
    ['no name', '/event', JSON.stringify({ ...EVENT, name: '' }), 'name'],
    ['a number for text', '/event', JSON.stringify({ ...EVENT, payload: 7 }), 'payload'],
    ['no flag', '/event', JSON.stringify({ ...EVENT, coalesce: 'yes' }), 'coalesce'],
    ['no time', '/query', JSON.stringify({ ...QUERY, timeout: 0 }), 'timeout'],
    ['nodes that are no list', '/query', JSON.stringify({ ...QUERY, filterNodes: 'a' }), 'filterNodes'],
    ['tags that are no text', '/query', JSON.stringify({ ...QUERY, filterTags: { a: 1 } }), 'filterTags'],
    ['no level', '/log', JSON.stringify({ tab: '', level: 'loud' }), 'level'],
  ])('is refused with a reason: %s', async (_, path, body, reason) => {
    const answer = await ask(path, ours(), body)
    expect(answer.status).toBe(400)
    expect((JSON.parse(answer.body) as { error: string }).error).toContain(reason)
  })

  it('is refused when it is too long, or of a page that is gone', async () => {
    const long = JSON.stringify({ ...EVENT, payload: 'x'.repeat(300_000) })
    expect((await ask('/event', ours(), long)).status).toBe(413)
    expect((await ask('/query', ours(), JSON.stringify(QUERY))).status).toBe(404)
  })

  it('tells why the agent refuses', async () => {
    const { status, body } = await ask(
      '/event',
      ours(),
      JSON.stringify({ ...EVENT, payload: 'x'.repeat(600) }),
    )
    expect(status).toBe(502)
    expect(body).toContain('exceeds')
  })
})

describe('what was not allowed', () => {
  afterEach(stop)

  it('is not sent', async () => {
    await start([], [])
    for (const [path, body] of [
      ['/query', QUERY],
      ['/event', EVENT],
    ] as const) {
      const { status, body: text } = await ask(path, ours(), JSON.stringify(body))
      expect(status).toBe(403)
      expect(text).toContain(`--allow ${path.slice(1)}`)
    }
  })
})

describe('/healthz', () => {
  afterEach(stop)

  it('is 503 while the agent is away, and so is all that is sent', async () => {
    await start()
    await ready()
    await until('stats are there', async () => (await ask('/healthz')).body.includes('"healthScore":0'))
    await agent.stop()
    await until('the agent is missed', async () => (await ask('/healthz')).status === 503)
    for (const [path, body] of [
      ['/query', QUERY],
      ['/event', EVENT],
    ] as const) {
      const { status, body: text } = await ask(path, ours(), JSON.stringify(body))
      expect(status).toBe(503)
      expect(text).toContain('the agent is away')
    }
    await agent.restart()
    await ready()
    expect(JSON.parse((await ask('/healthz')).body)).toMatchObject({ status: 'ready', gapCount: 1 })
  })
})

describe('an agent that comes after the dashboard', () => {
  afterEach(stop)

  it('is found, and till then the reason is told', async () => {
    agent = await TestAgent.start({ name: 'late', authKey: 'right' })
    const { host, port } = agent
    const listen = { host: '127.0.0.1', port: 0 }
    await agent.stop()
    dashboard = await startDashboard({
      agent: { host, port, authKey: 'right' },
      listen,
      allow: [],
      hosts: [],
    })
    await until('the reason', async () => (await ask('/healthz')).body.includes('ECONNREFUSED'))
    await agent.restart()
    await ready()
    expect((await ask('/healthz')).body).not.toContain('error')
  })

  it('is told with a wrong key, which is never shown', async () => {
    agent = await TestAgent.start({ name: 'strict', authKey: 'right' })
    const { host, port } = agent
    const listen = { host: '127.0.0.1', port: 0 }
    dashboard = await startDashboard({
      agent: { host, port, authKey: 'wrong-secret' },
      listen,
      allow: [],
      hosts: [],
    })
    const { body } = await until('the reason', async () => {
      const answer = await ask('/healthz')
      return answer.body.includes('"error"') ? answer : undefined
    })
    expect((JSON.parse(body) as { error: string }).error).toMatch(/auth/i)
    expect(body).not.toContain('wrong-secret')
  })
})

describe('/metrics', () => {
  afterEach(stop)
  const SAMPLE = /^[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (?:\d+(?:\.\d+)?(?:e-?\d+)?|NaN)$/

  it('can be read by Prometheus, hostile names too', async () => {
    const name = 'a"b\\c\nd'
    await start([{ name }, { name: 'gone', status: 'left' }])
    await ready()
    const text = await until('all is measured', async () => {
      const { body } = await ask('/metrics')
      return body.includes('a\\"b') && body.includes('{status="left"} 1') ? body : ''
    })
    const lines = text.trimEnd().split('\n')
    for (const line of lines)
      expect(line).toMatch(line.startsWith('#') ? /^# (HELP|TYPE) [a-z_]+ .+$/ : SAMPLE)
    expect(lines).toContain('serf_members{status="alive"} 2')
    expect(lines).toContain('serf_agent_ready 1')
    expect(lines.filter((line) => line.startsWith('serf_queue_depth{'))).toHaveLength(3)
    expect(lines.filter((line) => line.startsWith('serf_round_trip_seconds{'))).toHaveLength(2)
    expect(lines.some((line) => line.includes('member="a\\"b\\\\c\\nd"'))).toBe(true)
    // Each metric is introduced once.
    const types = lines.filter((line) => line.startsWith('# TYPE'))
    expect(new Set(types).size).toBe(types.length)
  })
})

describe('a tab that does not read', () => {
  afterEach(stop)

  it('gets a snapshot in the place of what it has missed', async () => {
    await start()
    await ready()
    const { port, hostname } = new URL(dashboard.url)
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.write(`GET /stream HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
    await until('its first message', () => {
      text += String(socket.read() ?? '')
      return text.includes('"fresh"')
    })
    // Far more than sockets hold, in rounds that the agent passes on without loss.
    const [rounds, each] = [100, 300]
    for (let round = 0; round < rounds; round++) {
      for (let count = 0; count < each; count++)
        agent.userEvent('flood', `${round} ${'x'.repeat(400)}`, { coalesce: false })
      await agent.drained()
    }
    socket.on('data', (chunk) => (text += String(chunk)))
    agent.userEvent('last', '', { coalesce: false })
    await until('the last event', () => text.includes('"last"'))
    socket.destroy()

    const messages = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Update)
    const events = messages.flatMap((message) => message.events ?? [])
    expect(messages.filter(({ fresh }) => fresh).length).toBeGreaterThan(1)
    expect(events.length).toBeLessThan(rounds * each)
    expect(events.at(-1)).toMatchObject({ names: ['last'] })
  })
})
