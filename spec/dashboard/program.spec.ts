import { type AddressInfo, connect, createServer } from 'node:net'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDashboard } from '../../examples/dashboard/server/dashboard'
import { CAST } from '../../examples/dashboard/server/demo/cast'
import { isLoopback, readOptions } from '../../examples/dashboard/server/options'
import { isAlive } from '../support/run/processes'
import { Program } from '../support/run/program'
import { until } from '../support/time/until'

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

describe('the program', () => {
  it.each([
    ['real agents', {}, 'SIGINT', 130],
    ['a TestAgent', { SERF_BIN: '/nowhere/serf' }, 'SIGTERM', 143],
  ] as const)(
    'shows a demo cluster of %s until it is stopped, and leaves nothing behind',
    async (_, env, signal, status) => {
      await using program = Program.example('dashboard/server/main.ts', ['--listen', '127.0.0.1:0'], { env })
      await program.printed('The dashboard is at http://127.0.0.1:', 60_000) // the page is bundled first
      const url = /http:\S+/.exec(program.stdout)?.[0] ?? ''
      const health = await until('the cluster is shown', async () => {
        const metrics = await (await fetch(`${url}metrics`)).text()
        return metrics.includes('serf_members{status="alive"} 16') && (await fetch(`${url}healthz`)).json()
      })
      const { address } = health as { address: string }
      program.signal(signal)
      expect(await program.ended()).toBe(status)
      expect(program.stderr).toBe('')
      expect(await listens(Number(address.split(':')[1]))).toBe(false)
    },
    120_000,
  )

  it('is stopped while its agents start, and leaves nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serfx-dashboard-'))
    const [serf, pids] = [join(folder, 'serf'), join(folder, 'pids')]
    // One that never listens, so that the demo waits for it.
    writeFileSync(serf, `#!/bin/sh\n[ "$1" = agent ] || exit 0\necho $$ >>${pids}\nexec sleep 1000\n`, {
      mode: 0o755,
    })
    await using program = Program.example('dashboard/server/main.ts', [], {
      env: { SERF_BIN: serf, TMPDIR: folder },
    })
    const started = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : [])
    await until('the agents are started', () => started().length === CAST.length, 60_000)
    // As Ctrl-C under npm does it.
    program.signal('SIGINT')
    program.signal('SIGINT')
    expect(await program.ended()).toBe(130)
    expect(program.stderr).toBe('')
    await until('the agents have ended', () => !started().some(isAlive))
    expect(readdirSync(folder).filter((name) => name.startsWith('serfx-agent'))).toEqual([])
    rmSync(folder, { recursive: true })
  }, 120_000)
})

it('says what to do when its port is in use', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const listen = { host: '127.0.0.1', port }
  const agent = { host: '127.0.0.1', port: 1 }
  await expect(startDashboard({ agent, listen, allow: [], hosts: [] })).rejects.toThrow(
    `127.0.0.1:${port} is in use: --listen HOST:PORT takes another`,
  )
  await new Promise((resolve) => other.close(resolve))
})

describe('the command line', () => {
  const read = (...args: string[]) => readOptions(args, tmpdir())

  it('shows the demo cluster with all actions, and an agent with none', () => {
    expect(read()).toEqual({
      listen: { host: '127.0.0.1', port: 7380 },
      allow: ['query', 'event'],
      hosts: [],
    })
    expect(read('--agent', '[::1]:7373', '--host', 'a', '--host', 'b')).toEqual({
      agent: { host: '::1', port: 7373 },
      listen: { host: '127.0.0.1', port: 7380 },
      allow: [],
      hosts: ['a', 'b'],
    })
    expect(read('--agent', 'h:1', '--allow', 'event').allow).toEqual(['event'])
  })

  it('reads the key from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'serfx-key-'))
    writeFileSync(join(folder, 'key'), 'secret\n')
    expect(readOptions(['--agent', 'h:1', '--auth-key-file', 'key'], folder).agent).toMatchObject({
      authKey: 'secret',
    })
    rmSync(folder, { recursive: true })
  })

  it.each([
    [['--agent', 'nowhere'], /--agent must be HOST:PORT/],
    [['--agent', 'h:0'], /--agent/],
    [['--listen', 'h:70000'], /--listen/],
    [['--allow', 'leave'], /--allow takes query and event, not "leave"/],
    [['--auth-key-file', 'x'], /needs --agent/],
    [['--agent', 'h:1', '--auth-key-file', '/nowhere'], /--auth-key-file: .*ENOENT/],
    [['--host', 'dash.example:80'], /--host must be a name/],
    [['--colour'], /--colour(.|\n)*--agent HOST:PORT/],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(message)
  })

  it('knows what only this machine reaches', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '10.0.0.1', '127.example'].some(isLoopback)).toBe(false)
  })
})
