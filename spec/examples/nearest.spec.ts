import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { Program } from '../support/run/program'

describe.each(agentKinds)('nearest.ts: $kind', ({ startCluster }) => {
  let agent: Agent
  let other: Agent
  beforeAll(async () => {
    ;[agent, other] = await startCluster({ name: 'node-a' }, { name: 'node-b' })
  })
  afterAll(() => stopAll(agent, other))

  it('draws the members by round trip, each with a bar as long as it is far', async () => {
    await using program = Program.example('nearest.ts', [], { agent })
    const lines = await program.succeeded()
    const rows = lines.map((line) => /^(node-[ab]) +(\d+\.\d\d) ms ?(.*)$/.exec(line)?.slice(1) ?? [line])
    expect(rows.length).toBeGreaterThan(0)
    const distances = rows.map(([, rtt]) => Number(rtt))
    expect(distances).toEqual([...distances].sort((a, b) => a - b))
    expect(rows.at(-1)?.[2]?.trim()).toMatch(/^█{40}$|^$/)
  })

  it('draws as many as it is told', async () => {
    await using program = Program.example('nearest.ts', ['1'], { agent })
    expect(await program.succeeded()).toHaveLength(1)
  })

  it('says in a line what is wrong with a count', async () => {
    await using program = Program.example('nearest.ts', ['few'], { agent })
    expect(await program.ended()).toBe(1)
    expect(program.stderr).toMatch(/^the count of nearest must be an integer .*\n$/)
  })
})
