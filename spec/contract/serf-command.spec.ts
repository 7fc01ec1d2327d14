/**
 * An independent client: the `serf` command line prints the same about a real agent and about a TestAgent.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { respond } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { opened } from '../support/agents/opened'
import { serf } from '../support/agents/serf-command'
import { listening } from '../support/observe/recording'
import { until } from '../support/time/until'

const KEY = 'MDEyMzQ1Njc4OWFiY2RlZg=='
const OTHER = 'ZmVkY2JhOTg3NjU0MzIxMA=='
const authKey = 'open sesame'
/** Stands for the address at which the agent is found. */
const ITSELF = 'itself'

/**
 * Lines without what is each agent's own: addresses, times, and what it counts of its process and of gossip.
 */
function plain(text: string): string[] {
  return text
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, '<time>')
    .replace(/rtt: [\d.]+ ms/g, 'rtt: <time>')
    .replace(
      /\b(cpu_count|goroutines|max_procs|version|member_time|\w+_queue)\b("?) ?([=:]) .*/g,
      '$1$2 $3 <own>',
    )
    .split('\n')
    .map((line) => line.trimEnd())
    .sort()
}

/** The lines of a monitor that both kinds have: docs/testing.md tells the others. */
function comparable(text: string): string[] {
  // `Failed to stream`: a `serf query` that has ended was still owed an ack.
  const missing =
    /memberlist: |serf: message|shutdown|Accepted client|member-(join|leave)|Members: |Failed to stream/
  const lines = plain(text).filter((line) => !missing.test(line))
  // Events may be told twice; the reason why a pattern is bad is Go's own.
  return [...new Set(lines.map((line) => line.replace(/error parsing regexp.*/, 'error parsing regexp')))]
}

type Step = readonly [command: string, ...args: string[]]

const STEPS: readonly Step[] = [
  ['members'],
  ['members', '-detailed'],
  ['members', '-status=alive', '-tag=role=d.'],
  ['members', '-name=node-[b-z]'],
  ['members', '-name=nobody'],
  ['members', '-tag=role=('],
  ['event', 'deploy', 'v1.2.3'],
  ['event', '-coalesce=false', 'deploy'],
  ['event', 'x'.repeat(600)],
  ['query', '-timeout=1s', 'nobody answers', 'payload'],
  ['query', '-timeout=2s', '-node=node-b', '-no-ack', 'who', 'asks'],
  ['query', '-timeout=2s', '-tag=role=d', '-format=json', 'who'],
  ['query', '-timeout=1s', '-tag=role=(', 'who'],
  ['query', 'x'.repeat(1100)],
  ['rtt', 'node-b'],
  ['rtt', 'node-a', 'node-b'],
  ['rtt', 'nobody'],
  ['tags', '-set', 'zone=eu', '-delete', 'role'],
  ['members', '-tag=zone=eu'],
  ['tags', '-set', `long=${'x'.repeat(600)}`],
  ['keys', '-list'],
  ['keys', '-install', OTHER],
  ['keys', '-list'],
  ['keys', '-use', OTHER],
  ['keys', '-remove', OTHER],
  ['keys', '-remove', KEY],
  ['keys', '-use', KEY],
  ['keys', '-install', 'no base64'],
  ['keys', '-install', 'c2hvcnQ='],
  ['info'],
  ['info', '-format=json'],
  ['reachability'],
  ['force-leave', 'nobody'],
  ['force-leave', 'node-a'],
  ['join', '127.0.0.1:1'],
  ['join', '127.0.0.1:1', ITSELF],
  ['leave'],
]

/** An agent refuses these, or does not know the node. */
const REFUSED = [
  'members -tag=role=(',
  `event ${'x'.repeat(600)}`,
  `query ${'x'.repeat(1100)}`,
  'rtt nobody',
  `tags -set long=${'x'.repeat(600)}`,
  `keys -remove ${OTHER}`,
  `keys -use ${KEY}`,
  'keys -install no base64',
  'keys -install c2hvcnQ=',
  'join 127.0.0.1:1',
]

describe('the serf command line', () => {
  const transcripts: string[][][] = []
  const monitored: string[][] = []
  let agents: readonly Agent[] = []

  const printed = async (agent: Agent, [command, ...args]: Step) => {
    try {
      return plain(await serf(agent, command, ...args.map((arg) => (arg === ITSELF ? agent.gossip : arg))))
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return plain(`exit ${code}\n${stdout}${stderr}`)
    }
  }

  /** Follows an agent until that ends; gives what was printed. */
  const monitor = async ({ host, port }: Agent) => {
    const options = ['-log-level=debug', `-rpc-addr=${host}:${port}`, `-rpc-auth=${authKey}`]
    const child = spawn(process.env['SERF_BIN'] ?? 'serf', ['monitor', ...options])
    let text = ''
    child.stdout.on('data', (more) => (text += String(more)))
    const closed = once(child, 'close')
    await until('it follows', () => text.includes('Accepted client'))
    return async () => {
      await closed
      return text
    }
  }

  beforeAll(async () => {
    const clusters = await Promise.all(
      agentKinds.map(({ startCluster }) =>
        startCluster(
          { name: 'node-a', authKey, encryptKey: KEY, tags: { role: 'web' } },
          { name: 'node-b', encryptKey: KEY, tags: { role: 'db' } },
        ),
      ),
    )
    agents = clusters.flat()
    await Promise.all(
      clusters.map(async ([agent, other], kind) => {
        using connection = await opened(other)
        using answers = await listening(
          connection,
          connection.stream('query:who').pipe(respond(({ text }) => `node-b, "${text}"`)),
        )
        const text = await monitor(agent)
        const transcript: string[][] = (transcripts[kind] = [])
        for (const step of STEPS) transcript.push(await printed(agent, step))
        await answers.reaches(2)
        await agent.exited()
        monitored[kind] = comparable(await text())
      }),
    )
  }, 120_000)
  afterAll(() => stopAll(...agents))

  it.each(STEPS.map((step, index) => ({ step: step.join(' ').slice(0, 60), index })))(
    'serf $step',
    ({ index }) => {
      const [real, test] = transcripts.map((transcript) => transcript[index])

      expect(real).toBeDefined()
      expect(test).toEqual(real)
    },
  )

  it('succeeds and fails as on a real agent', () => {
    const failed = STEPS.filter((_, index) =>
      transcripts[0]?.[index]?.some((line) => line.startsWith('exit ')),
    )

    expect(failed.map((step) => step.join(' '))).toEqual(REFUSED)
  })

  it('serf monitor', () => {
    const [real, test] = monitored

    expect(real?.length).toBeGreaterThan(40)
    expect(test).toEqual(real)
  })
})
