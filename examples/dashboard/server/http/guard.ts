import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'

/**
 * Accepts only requests of the page itself. It checks the host, because an attacker can make a name of their
 * own point at this machine (DNS rebinding), and the origin, because a page of another site has another one.
 * An IP address is always accepted as a host. `hosts`: the names besides `localhost` under which the
 * dashboard is reached.
 */
export function guard(hosts: readonly string[]): MiddlewareHandler {
  const names = new Set(['localhost', ...hosts.map((host) => host.toLowerCase())])
  return async (context, next) => {
    const host = context.req.header('host')
    if (host === undefined || !isOurs(host, names)) {
      return context.json({ error: 'this host name is not served here: start with --host NAME' }, 421)
    }
    const origin = context.req.header('origin')
    const mayLackOrigin = context.req.method === 'GET' || context.req.method === 'HEAD'
    if (origin === undefined ? !mayLackOrigin : hostOf(origin) !== host.toLowerCase()) {
      return context.json({ error: 'this is for the page of the dashboard alone' }, 403)
    }
    return next()
  }
}

function isOurs(host: string, names: ReadonlySet<string>): boolean {
  if (!URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  return names.has(hostname) || isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0
}

/** Host and port of an origin as a browser writes both; `undefined` for one that has none, as `null`. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
