import { connect } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLoopback, readOptions } from '../../examples/dashboard/server/options'
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
    [['--agent', 'h:1', '--auth-key-file', '/nowhere'], /ENOENT/],
    [['--colour'], /--colour/],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(message)
  })

  it('knows what only this machine reaches', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '10.0.0.1', '127.example'].some(isLoopback)).toBe(false)
  })
})
