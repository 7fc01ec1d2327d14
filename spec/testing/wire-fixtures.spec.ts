import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TestAgent, type TestAgentOptions } from 'serfx/testing'
import { unpack } from '../support/wire/unpack'
import { requestBytes, WireConnection } from '../support/wire/wire-connection'
import { AGENTS, type AgentKind, SCENES } from '../support/wire/wire-scenes'

const FOLDER = join(__dirname, '..', 'fixtures', 'wire')

interface Fixture {
  state: { name: string; port: number; tags: Record<string, string>; authKey?: string; encryptKey?: string }
  greeted: boolean
  answer?: string
  requests: string[]
  later?: { after: number; requests: string[] }
  reply: string[]
  closes: boolean
}

const fixtureOf = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Fixture
const bytesOf = (hex: string) => Buffer.from(hex, 'hex')

/** These replies differ from run to run, so only the names and the types of their fields are compared. */
const ONLY_IN_SHAPE = new Set(['stats', 'monitor'])

/**
 * As it was sent, but with the parts that come in no order sorted: replies of different seqs overtake each
 * other.
 */
function bySeq(objects: readonly Buffer[]): Record<string, string[]> {
  const sorted: Record<string, string[]> = {}
  let seq = ''
  for (const bytes of objects) {
    const value = unpack(bytes) as { Seq?: number | bigint; Error?: string }
    if (value.Seq !== undefined && value.Error !== undefined) seq = String(value.Seq)
    ;(sorted[seq] ??= []).push(bytes.toString('hex'))
  }
  return sorted
}

function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, entry]) => [key, shapeOf(entry)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

describe.each(Object.keys(AGENTS) as AgentKind[])('what a real agent sent, replayed: %s', (kind) => {
  let agent: TestAgent
  const scenes = SCENES.filter((scene) => scene.agent === kind).map(({ name }) => name)

  beforeAll(async () => {
    const [first = ''] = scenes
    const { port, ...options } = fixtureOf(first).state
    const own = { name: options.name, addr: '127.0.0.1', port }
    agent = await TestAgent.start({ ...(options satisfies TestAgentOptions), members: [own] })
  })
  afterAll(() => agent.stop())

  // In the order in which they were captured: counters go on from one to the next.
  it.each(scenes)('%s', async (name) => {
    const fixture = fixtureOf(name)
    if (fixture.answer !== undefined) agent.onQuery('uptime', () => fixture.answer)
    using connection = fixture.greeted
      ? await WireConnection.greeted(agent)
      : await WireConnection.open(agent)
    connection.send(Buffer.concat(fixture.requests.map(bytesOf)))
    if (fixture.later) {
      await connection.received(fixture.later.after)
      for (const request of fixture.later.requests) connection.send(bytesOf(request))
    }
    await connection.received(fixture.reply.length)
    if (fixture.closes) expect(await connection.ended()).toMatch(/fin|ECONNRESET/)

    const expected = fixture.reply.map(bytesOf)
    const objects = connection.objects.slice(0, expected.length)
    if (ONLY_IN_SHAPE.has(name)) {
      expect(objects.map((bytes) => shapeOf(unpack(bytes)))).toEqual(
        expected.map((bytes) => shapeOf(unpack(bytes))),
      )
    } else expect(bySeq(objects)).toEqual(bySeq(expected))
  })

  it('has a scene for every file', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
    expect(files.map((file) => file.replace('.json', '')).sort()).toEqual(
      SCENES.map((scene) => scene.name).sort(),
    )
  })
})

it('sends a request as it was captured', () => {
  for (const { name, requests } of SCENES) {
    expect(fixtureOf(name).requests).toEqual(
      requests.map((request) => requestBytes(...request).toString('hex')),
    )
  }
})
