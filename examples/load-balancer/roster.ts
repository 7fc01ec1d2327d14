import { isIP } from 'node:net'
import type { Member } from 'serfx'

/** A web server as HAProxy is told of it. */
export interface Server {
  name: string
  address: string
  port: number
}

/** The servers known by name, and since when one has not been listed any more. */
export type Roster = ReadonlyMap<string, { server: Server; unlistedSince?: number }>

export interface RosterOptions {
  /** The tag of a web server. */
  tag: { name: string; value: string }
  /** The port of one whose tag `port` is not set. */
  port: number
  /** Milliseconds that a server which is not listed at all is kept. */
  grace: number
}

/**
 * The web servers after a look at the members: one that is listed counts as it is listed. One that is not listed is kept for a while: an
 * agent that restarts lists itself alone until it has found the others, while one that knows says `left` or `failed`.
 */
export function nextRoster(
  known: Roster,
  members: ReadonlyMap<string, Member>,
  now: number,
  options: RosterOptions,
): Roster {
  const next = new Map<string, { server: Server; unlistedSince?: number }>()
  for (const [name, { server, unlistedSince = now }] of known)
    if (!members.has(name) && now - unlistedSince < options.grace) next.set(name, { server, unlistedSince })
  for (const [name, member] of members) {
    const server = isWeb(member, options) ? serverOf(member, options) : undefined
    if (server) next.set(name, { server })
  }
  return next
}

export const serversOf = (roster: Roster): Server[] =>
  [...roster.values()].map(({ server }) => server).sort((a, b) => (a.name < b.name ? -1 : 1))

/** Web servers that no configuration is to name: whoever may join the cluster chooses these values. */
export const refusedOf = (members: ReadonlyMap<string, Member>, options: RosterOptions): string[] =>
  [...members.values()]
    .filter((member) => isWeb(member, options) && !serverOf(member, options))
    .map(({ name }) => name)

const isWeb = ({ status, tags }: Member, { tag }: RosterOptions): boolean =>
  status === 'alive' && Object.hasOwn(tags, tag.name) && tags[tag.name] === tag.value

function serverOf({ name, addr, tags }: Member, options: RosterOptions): Server | undefined {
  const port = tags['port'] ?? String(options.port)
  // What HAProxy takes for the name of a server, and nothing that could end the word or the line.
  if (!/^[A-Za-z0-9_.-]{1,128}$/.test(name) || isIP(addr) === 0 || addr.includes('%')) return undefined
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) return undefined
  return { name, address: addr, port: Number(port) }
}
