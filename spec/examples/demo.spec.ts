import { connect } from 'node:net'
import { Program } from '../support/run/program'

/** The ports that its first line names, of which nobody may listen on any once it has ended. */
const agentPorts = (output: string) => [...output.matchAll(/ at (\d+)/g)].map(([, port]) => Number(port))

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

async function expectNoAgents(output: string): Promise<void> {
  const ports = agentPorts(output)
  expect(ports).toHaveLength(3)
  expect(await Promise.all(ports.map(listens))).toEqual([false, false, false])
}

describe('demo.ts', () => {
  it('shows the main job on three agents, and leaves none behind', async () => {
    await using program = Program.example('demo.ts', [], {
      env: { SERF_RPC_AUTH: 'the key of another agent' },
    })
    const lines = await program.succeeded()
    await expectNoAgents(program.stdout)
    for (const name of ['ada', 'bert', 'cleo'])
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ +${name} +127.0.0.1:\\d+ +alive`)))
    expect(lines).toContain('    deploy: v1.2.3')
    const answers = lines.filter((line) => line.includes(' answers ')).sort()
    expect(answers).toEqual([
      '    ada answers HELLO number 1',
      '    bert answers HELLO number 2',
      '    cleo answers HELLO number 3',
    ])
    expect(lines.filter((line) => line.includes('[INFO]'))).toHaveLength(4)
    expect(lines.filter((line) => / \d+\.\d\d ms /.test(line))).toHaveLength(3)
  })

  it('runs on test agents where no serf can be had, and says so in its first line', async () => {
    await using program = Program.example('demo.ts', [], { env: { SERF_BIN: '/nowhere/serf' } })
    const lines = await program.succeeded()
    expect(lines[0]).toContain('no serf was found')
    expect(lines.filter((line) => line.includes(' answers '))).toHaveLength(3)
    expect(lines.filter((line) => / \d+\.\d\d ms /.test(line))).toHaveLength(3)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves none behind on %s', async (signal, status) => {
    await using program = Program.example('demo.ts')
    await program.printed('Members')
    program.signal(signal)
    expect(await program.ended()).toBe(status)
    await expectNoAgents(program.stdout)
    expect(program.stderr).toBe('')
  })
})
