import { createClient, ofQuery, respond } from 'serfx'
import { showProgress } from '../../examples/rolling-deploy/show-progress'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { Program } from '../support/run/program'
import { valueOf } from '../support/observe/values'

/** Deploys on the agent's node: its answer to each query `deploy`, and which versions it was asked for. */
async function deployer(agent: Agent, answer: (version: string) => string | undefined) {
  const client = createClient({ host: agent.host, port: agent.port })
  const versions: string[] = []
  const answering = client
    .stream('query:deploy')
    .pipe(
      ofQuery('deploy'),
      respond(({ text }) => {
        versions.push(text)
        return answer(text)
      }),
    )
    .subscribe()
  await valueOf(client.stats())
  return {
    versions,
    [Symbol.dispose]: () => {
      answering.unsubscribe()
      client.close()
    },
  }
}

const ok = () => 'ok\n'

describe.each(agentKinds)('rolling-deploy.ts: $kind', ({ startCluster }) => {
  let canary: Agent
  let first: Agent
  let second: Agent
  beforeAll(async () => {
    ;[canary, first, second] = await startCluster(
      { name: 'canary', tags: { stage: 'canary', role: 'w.b' } },
      { name: 'web-1', tags: { role: 'web' } },
      { name: 'web-2', tags: { role: 'web' } },
    )
  })
  afterAll(() => stopAll(canary, first, second))
  const waves = ['--wave', 'stage=canary', '--wave', 'role=web']

  it('deploys wave by wave, with plain lines where there is no terminal', async () => {
    using canaries = await deployer(canary, ok)
    using ones = await deployer(first, ok)
    using twos = await deployer(second, ok)
    await using program = Program.example('rolling-deploy.ts', ['v2', ...waves], { agent: first })
    const lines = await program.succeeded()
    expect(program.stdout).not.toContain('\x1b')
    expect(lines.slice(0, 1)).toEqual(['stage=canary 0/1: begins'])
    expect(lines.at(-1)).toBe('v2 is deployed')
    const begun = lines.indexOf('role=web 0/2: begins')
    expect(lines.findIndex((line) => line === 'stage=canary 1/1: canary is done')).toBeLessThan(begun)
    expect(
      lines
        .slice(begun)
        .filter((line) => line.endsWith('is done'))
        .map((line) => line.slice(0, 12)),
    ).toEqual(['role=web 1/2', 'role=web 2/2'])
    expect([canaries.versions, ones.versions, twos.versions]).toEqual([['v2'], ['v2'], ['v2']])
  })

  it('stops at the first failure: later waves are not asked', async () => {
    using failing = await deployer(canary, (version) => `no such version: ${version}`)
    using later = await deployer(first, ok)
    await using program = Program.example('rolling-deploy.ts', ['v3', ...waves], { agent: first })
    expect(await program.ended()).toBe(1)
    expect(program.stderr).toBe('canary failed: no such version: v3\n')
    expect(failing.versions).toEqual(['v3'])
    expect(later.versions).toEqual([])
    expect(program.stdout).not.toContain('role=web')
  })

  it('stops when a member does not answer in time', async () => {
    using answering = await deployer(first, ok)
    const args = ['v4', '--timeout', '1500', '--wave', 'role=web', '--wave', 'stage=canary']
    await using program = Program.example('rolling-deploy.ts', args, { agent: canary })
    expect(await program.ended()).toBe(1)
    expect(program.stderr).toBe('no answer in time from web-2\n')
    expect(program.stdout).toContain('role=web 1/2: web-1 is done\n')
    expect(answering.versions).toEqual(['v4'])
  })

  it('takes the value of a tag as it is, and nobody for a failure', async () => {
    using asked = await deployer(canary, ok)
    using notAsked = await deployer(first, ok)
    await using exact = Program.example('rolling-deploy.ts', ['v5', '--wave', 'role=w.b'], { agent: first })
    await exact.succeeded()
    expect([asked.versions, notAsked.versions]).toEqual([['v5'], []])
    await using nobody = Program.example('rolling-deploy.ts', ['v5', '--wave', 'role=we'], { agent: first })
    expect(await nobody.ended()).toBe(1)
    expect(nobody.stderr).toBe('no alive member has the tag role=we\n')
  })

  it.each([[['v1']], [['--wave', 'role=web']], [['v1', '--wave', 'web']]])(
    'says how it is used: %j',
    async (args) => {
      await using program = Program.example('rolling-deploy.ts', args, { agent: first })
      expect(await program.ended()).toBe(1)
      expect(program.stderr).toMatch(/usage|TAG=VALUE/)
    },
  )

  it('draws a bar that grows on a terminal', () => {
    const wave = { tag: 'role', value: 'web' }
    expect(showProgress({ wave, members: 2, acks: 2, done: 1, over: false }, true)).toBe(
      `\r\x1b[Krole=web 1/2 ${'█'.repeat(15)}${'·'.repeat(15)} 2 got it`,
    )
    expect(showProgress({ wave, members: 2, acks: 2, done: 2, over: true }, true)).toMatch(
      /█{30} 2 got it\n$/,
    )
  })
})
