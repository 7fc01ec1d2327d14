import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replaceConfig } from '../../examples/load-balancer/config-file'
import { haproxyConfig } from '../../examples/load-balancer/haproxy-config'
import { Program } from '../support/run/program'
import { SerfAgent } from '../support/agents/serf-agent'
import { serf } from '../support/agents/serf-command'
import { until } from '../support/time/until'

jest.setTimeout(90_000)

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'serfx-balancer-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const servers = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^ {2}server (\S+) (\S+) check$/gm)].map(
    ([, name, address]) => `${name ?? ''} ${address ?? ''}`,
  )

const web = (name: string, port: number) =>
  SerfAgent.start({ name, tags: { role: 'web', port: String(port) } })

describe('load-balancer.ts', () => {
  it('follows three web members as they come and go, and is never emptied', async () => {
    const config = join(folder, 'haproxy.cfg')
    const reloaded = join(folder, 'reloaded.cfg')
    await using balancer = await SerfAgent.start({ name: 'balancer' })
    const args = ['--config', config, '--debounce', '200', '--reload', `cp ${config} ${reloaded}`]
    await using program = Program.example('load-balancer.ts', args, { agent: balancer })
    await program.printed('no web server is known')
    expect(readdirSync(folder)).toEqual([])

    await using first = await web('web-1', 8001)
    await using second = await web('web-2', 8002)
    await using third = await web('web-3', 8003)
    for (const member of [first, second, third]) await serf(balancer, 'join', member.gossip)
    await program.printed('3 web servers: web-1, web-2, web-3')
    expect(servers(config)).toEqual(['web-1 127.0.0.1:8001', 'web-2 127.0.0.1:8002', 'web-3 127.0.0.1:8003'])
    expect(readFileSync(reloaded, 'utf8')).toBe(readFileSync(config, 'utf8'))

    await serf(second, 'leave')
    await second.exited()
    await program.printed('2 web servers: web-1, web-3')
    // A name that would add a line of its own is left out, and said so.
    await using evil = await web('evil\n  server more', 1)
    await serf(balancer, 'join', evil.gossip)
    await program.printed('left out, as name, address or port is not valid: evil\uFFFD  server more')

    // The agent comes back and knows nobody; what it knew stays until it knows better.
    const before = readFileSync(config, 'utf8')
    await evil.stop()
    await first.stop()
    await third.stop()
    await balancer.stop()
    const { port, gossip } = balancer
    const bindPort = Number(gossip.split(':')[1])
    await using alone = await SerfAgent.start({ name: 'balancer', port, bindPort })
    await using fourth = await web('web-4', 8004)
    await serf(alone, 'join', fourth.gossip)
    await program.printed('3 web servers: web-1, web-3, web-4')
    expect(servers(config)).toEqual(['web-1 127.0.0.1:8001', 'web-3 127.0.0.1:8003', 'web-4 127.0.0.1:8004'])
    expect(readFileSync(config, 'utf8').startsWith(before.trimEnd())).toBe(true)
    expect(program.stdout.match(/no web server/g)).toHaveLength(1)
    expect(readdirSync(folder).sort()).toEqual(['haproxy.cfg', 'reloaded.cfg'])
  })

  it('keeps the old file when HAProxy does not accept the new one', async () => {
    const config = join(folder, 'haproxy.cfg')
    writeFileSync(config, 'old')
    await using balancer = await SerfAgent.start({ name: 'balancer', tags: { role: 'web' } })
    const args = ['--config', config, '--listen', 'nonsense', '--debounce', '50']
    await using program = Program.example('load-balancer.ts', args, { agent: balancer })
    await program.printed('not applied: ')
    expect(readFileSync(config, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['haproxy.cfg'])
  })

  it('is at each moment the old file or the new one', async () => {
    const config = join(folder, 'haproxy.cfg')
    // Long enough that writing it takes several steps.
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      name: `web-${index}`,
      address: '10.0.0.1',
      port: 80,
    }))
    const text = (port: number) => haproxyConfig(`127.0.0.1:${port}`, many)
    await replaceConfig(config, text(1))
    const seen = new Set<string>()
    let done = false
    const replaced = replaceConfig(config, text(2)).finally(() => (done = true))
    await until('the file is replaced', () => {
      seen.add(readFileSync(config, 'utf8'))
      return done
    })
    expect(await replaced).toBe(true)
    expect([...seen].every((content) => content === text(1) || content === text(2))).toBe(true)
    expect(await replaceConfig(config, text(2))).toBe(false)
  })
})
