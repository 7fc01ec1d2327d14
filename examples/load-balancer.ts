// Keeps an HAProxy configuration in step with the cluster: every alive member with the tag `role=web` is a server of it.
//
//   npx tsx examples/load-balancer.ts --config haproxy.cfg --listen 127.0.0.1:8080
//   npx tsx examples/load-balancer.ts --config haproxy.cfg --reload 'kill -USR2 4711'
//
// A server listens on the port of its tag `port`, by default --port. Needs haproxy (Debian: apt-get install haproxy), with whose
// `-c` every configuration is checked before it takes the place of the old one. --reload is split at blanks and run without a shell.
// The file is never emptied: without any web server, or while an agent that restarts knows nobody, it stays as it is.
import { parseArgs } from 'node:util'
import { createClient } from 'serfx'
import { auditTime, combineLatest, concatMap, defer, distinctUntilChanged, map, scan, timer } from 'rxjs'
import { reload, replaceConfig } from './load-balancer/config-file'
import { haproxyConfig } from './load-balancer/haproxy-config'
import { nextRoster, refusedOf, type Roster, type Server, serversOf } from './load-balancer/roster'
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
const [, tagName = '', tagValue = ''] = /^([^=]*)=?(.*)$/.exec(values.tag) ?? []
const options = {
  tag: { name: tagName, value: tagValue },
  port: Number(values.port),
  grace: Number(values.grace),
}
const [command, ...args] = values.reload.split(' ').filter((word) => word !== '')

const NOBODY: Roster = new Map()
let reloadIsDue = false

async function apply(servers: readonly Server[]): Promise<string> {
  if (servers.length === 0) return `no web server is known: ${values.config} stays as it is`
  if (await replaceConfig(values.config, haproxyConfig(values.listen, servers))) reloadIsDue = true
  else if (!reloadIsDue) return 'nothing has changed'
  if (command !== undefined) await reload([command, ...args])
  reloadIsDue = false
  return `${servers.length} web servers: ${servers.map(({ name }) => name).join(', ')}`
}

const membership$ = createClient().membership()

membership$
  .pipe(
    map((members) => refusedOf(members, options).map(printable).join(', ')),
    distinctUntilChanged(),
  )
  .subscribe({
    next: (names) => {
      if (names !== '') console.error(`left out, as name, address or port is not valid: ${names}`)
    },
    error: () => undefined, // reported below
  })

// The timer looks again at servers whose time of grace has passed, and at what could not be written or reloaded before.
combineLatest([membership$, timer(0, options.grace)])
  .pipe(
    scan((roster, [members]) => nextRoster(roster, members, Date.now(), options), NOBODY),
    // Not debounceTime, which would wait for as long as members come and go.
    auditTime(Number(values.debounce)),
    concatMap((roster) =>
      defer(() => apply(serversOf(roster)).catch((error: unknown) => `not applied: ${String(error)}`)),
    ),
    distinctUntilChanged(),
  )
  .subscribe({ next: (line) => console.log(line), error: failed })
