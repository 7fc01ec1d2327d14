// Keeps an HAProxy configuration in step with the cluster: every alive member with the tag `role=web` is a
// server.
//
//   npx tsx examples/load-balancer.ts --config haproxy.cfg --listen 127.0.0.1:8080
//   npx tsx examples/load-balancer.ts --config haproxy.cfg --reload 'kill -USR2 4711'
//
// A server listens on the port of its tag `port`, or else on --port. This program needs haproxy (Debian:
// apt-get install haproxy): `haproxy -c` checks every configuration before it replaces the old one. --reload
// is split at spaces and run without a shell. The file is never emptied: it stays as it is while no web
// server is known, and while a restarted agent lists only itself.
import { parseArgs } from 'node:util'
import { createClient, filterMembers, type Member, settle } from 'serfx'
import { combineLatest, concatMap, defer, distinctUntilChanged, map, timer } from 'rxjs'
import { reload, replaceConfig } from './load-balancer/config-file'
import { haproxyConfig } from './load-balancer/haproxy-config'
import { refusedOf, serversOf } from './load-balancer/servers'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: 'haproxy.cfg' },
    listen: { type: 'string', default: '127.0.0.1:8080' },
    port: { type: 'string', default: '80' },
    tag: { type: 'string', default: 'role=web' },
    reload: { type: 'string', default: '' },
    debounce: { type: 'string', default: '500' }, // ms
    grace: { type: 'string', default: '300000' }, // ms
  },
})
const [, tag = '', value = ''] = /^([^=]*)=?(.*)$/.exec(values.tag) ?? []
const port = Number(values.port)
const debounce = Number(values.debounce)
const [command, ...args] = values.reload.split(' ').filter((word) => word !== '')

/** Milliseconds until it tries again to write or reload what failed before. */
const RETRY = 60_000
let reloadIsDue = false

async function apply(members: ReadonlyMap<string, Member>): Promise<string> {
  const servers = serversOf(members, port)
  if (servers.length === 0) return `no web server is known: ${values.config} stays as it is`
  if (await replaceConfig(values.config, haproxyConfig(values.listen, servers))) reloadIsDue = true
  else if (!reloadIsDue) return 'nothing has changed'
  if (command !== undefined) await reload([command, ...args])
  reloadIsDue = false
  return `${servers.length} web servers: ${servers.map(({ name }) => name).join(', ')}`
}

// A restarted agent lists only itself until it has rejoined. Until then, for `grace` ms at most, missing
// members stay.
const web$ = createClient()
  .membership({ rejoinGrace: Number(values.grace) })
  .pipe(filterMembers({ status: 'alive', tags: { [tag]: value } }))

web$
  .pipe(
    map((members) => refusedOf(members, port).map(printable).join(', ')),
    distinctUntilChanged(),
  )
  .subscribe({
    next: (names) => {
      if (names !== '') console.error(`left out, as name, address or port is not valid: ${names}`)
    },
    error: () => undefined, // the subscription below reports it
  })

combineLatest([web$, timer(0, RETRY)])
  .pipe(
    // Members that keep coming and going delay the others by ten times `debounce` at most.
    settle(debounce, 10 * debounce),
    concatMap(([members]) =>
      defer(() => apply(members).catch((error: unknown) => `not applied: ${String(error)}`)),
    ),
    distinctUntilChanged(),
  )
  .subscribe({ next: (line) => console.log(line), error: failed })
