/**
 * Writes `spec/fixtures/wire/*.json`: the replies of a real agent, byte for byte. Run `scripts/capture-wire`.
 * Each file is one scene: the state of the agent, what was sent and what came back, split into MessagePack
 * objects.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SerfAgent } from '../agents/serf-agent'
import { unpack } from './unpack'
import { requestBytes, WireConnection } from './wire-connection'
import { AGENTS, type AgentKind, type Scene, SCENES } from './wire-scenes'

const FOLDER = join(__dirname, '..', '..', 'fixtures', 'wire')

function start(kind: AgentKind): Promise<SerfAgent> {
  const { encryptKey, ...options } = { encryptKey: undefined, ...AGENTS[kind] }
  return SerfAgent.start({
    ...options,
    ...(encryptKey === undefined ? {} : { config: { encrypt_key: encryptKey } }),
  })
}

/** Waits until the agent has reported its own start, so that no scene sees that. */
async function settled(agent: SerfAgent): Promise<void> {
  using connection = await WireConnection.greeted(agent)
  connection.send(requestBytes('stream', 2, { Type: 'member-join' }))
  await connection.received(3)
}

async function answering(agent: SerfAgent, answer: string): Promise<WireConnection> {
  const connection = await WireConnection.greeted(agent)
  connection.send(requestBytes('stream', 2, { Type: 'query' }))
  await connection.received(1)
  void connection.received(3).then(([, , record]) => {
    const { ID } = unpack(record ?? Buffer.alloc(0)) as { ID: number }
    connection.send(requestBytes('respond', 3, { ID, Payload: Buffer.from(answer) }))
  })
  return connection
}

async function capture(agent: SerfAgent, scene: Scene): Promise<string[]> {
  const other = scene.answer === undefined ? undefined : await answering(agent, scene.answer)
  using connection =
    scene.greeted === false ? await WireConnection.open(agent) : await WireConnection.greeted(agent)
  connection.send(Buffer.concat(scene.requests.map((request) => requestBytes(...request))))
  await connection.received(scene.objects)
  const { requests = [], objects = 0 } = scene.later ?? {}
  for (const request of requests) connection.send(requestBytes(...request))
  const total = scene.objects + objects
  await connection.received(total)
  // A monitor goes on to send lines that are not part of the scene.
  if (scene.name === 'monitor') connection.objects.length = total
  else if (scene.closes) await connection.ended()
  else if (agent.authKey === undefined) await connection.settled()
  other?.close()
  if (connection.objects.length !== total) {
    throw new Error(
      `${scene.name}: ${connection.objects.length} objects: ${JSON.stringify(connection.objects.map(unpack))}`,
    )
  }
  return connection.objects.map((bytes) => bytes.toString('hex'))
}

function versionOfAgent(): string {
  const printed = execFileSync(process.env['SERF_BIN'] ?? 'serf', ['version'], { encoding: 'utf8' })
  return process.env['SERF_VERSION'] ?? printed.split('\n')[0] ?? ''
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const version = versionOfAgent()
  for (const kind of Object.keys(AGENTS) as AgentKind[]) {
    const agent = await start(kind)
    await settled(agent)
    for (const scene of SCENES.filter((candidate) => candidate.agent === kind)) {
      const reply = await capture(agent, scene)
      const fixture = {
        about: scene.about,
        agent: version,
        captured:
          'scripts/capture-wire: read from the RPC socket of a real agent, split into MessagePack objects',
        state: { ...AGENTS[kind], port: Number(agent.gossip.split(':')[1]) },
        greeted: scene.greeted !== false,
        answer: scene.answer,
        requests: scene.requests.map((request) => requestBytes(...request).toString('hex')),
        later: scene.later && {
          after: scene.objects,
          requests: scene.later.requests.map((request) => requestBytes(...request).toString('hex')),
        },
        reply,
        closes: scene.closes === true,
      }
      writeFileSync(join(FOLDER, `${scene.name}.json`), `${JSON.stringify(fixture, undefined, 2)}\n`)
      process.stdout.write(`${scene.name}: ${reply.length}\n`)
    }
    if (kind === 'keyed') await agent.exited()
    await agent.stop()
  }
}

void main()
