import type { CommandName } from '../../../lib/protocol/commands'

const bodies: Record<Exclude<CommandName, 'handshake' | 'auth'>, Record<string, unknown> | undefined> = {
  event: { Name: 'deploy', Payload: null },
  'force-leave': { Node: 'nobody' },
  join: { Existing: ['127.0.0.1:1'] },
  members: undefined,
  'members-filtered': { Name: 'nobody' },
  stream: { Type: '*' },
  monitor: { LogLevel: 'INFO' },
  stop: { Stop: 1 },
  leave: undefined,
  'install-key': { Key: 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=' },
  'use-key': { Key: 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=' },
  'remove-key': { Key: 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=' },
  'list-keys': undefined,
  tags: { Tags: { role: 'web' } },
  query: { Name: 'uptime' },
  respond: { ID: 1 },
  stats: undefined,
  'get-coordinate': { Node: 'nobody' },
}

/** A well-formed request of every command except `handshake` and `auth`, with Serf's field names. */
export const requests = Object.entries(bodies).map(([command, body]) => ({ command, body }))
