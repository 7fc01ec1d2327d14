import { isIP } from 'node:net'
import type { Member } from 'serfx'

/** A web server of the configuration. */
export interface Server {
  name: string
  address: string
  port: number
}

/** The members as servers, sorted by name. `defaultPort` is for a member without the tag `port`. */
export const serversOf = (members: ReadonlyMap<string, Member>, defaultPort: number): Server[] =>
  [...members.values()]
    .flatMap((member) => serverOf(member, defaultPort) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/**
 * The names of members that must not be in a configuration: anybody who may join the cluster chooses these
 * values.
 */
export const refusedOf = (members: ReadonlyMap<string, Member>, defaultPort: number): string[] =>
  [...members.values()].filter((member) => !serverOf(member, defaultPort)).map(({ name }) => name)

function serverOf({ name, addr, tags }: Member, defaultPort: number): Server | undefined {
  const port = tags['port'] ?? String(defaultPort)
  // What HAProxy accepts as the name of a server, and nothing that could end the word or the line.
  if (!/^[A-Za-z0-9_.-]{1,128}$/.test(name) || isIP(addr) === 0 || addr.includes('%')) return undefined
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) return undefined
  return { name, address: addr, port: Number(port) }
}
