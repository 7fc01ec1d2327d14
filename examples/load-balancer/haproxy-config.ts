import type { Server } from './servers'

const addressOf = ({ address, port }: Server) =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

/**
 * The same servers always give the same text. With `check` HAProxy itself notices a server that does not
 * answer.
 */
export const haproxyConfig = (listen: string, servers: readonly Server[]): string => `\
# Written by serfx's example load-balancer.ts. Changes made here are lost.
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s

frontend web
  bind ${listen}
  default_backend web

backend web
  balance roundrobin
${servers.map((server) => `  server ${server.name} ${addressOf(server)} check\n`).join('')}`
