import type { Call } from '../../../lib/protocol/call'
import {
  authCall,
  eventCall,
  forceLeaveCall,
  getCoordinateCall,
  handshakeCall,
  joinCall,
  keyCall,
  leaveCall,
  listKeysCall,
  membersCall,
  membersFilteredCall,
  monitorCall,
  respondCall,
  statsCall,
  streamCall,
  tagsCall,
} from '../../../lib/protocol/calls'
import { type CommandName, isCommandName } from '../../../lib/protocol/commands'
import { queryCall } from '../../../lib/protocol/query-call'
import { rawCall } from '../../../lib/protocol/raw-call'
import { requestHeader } from './request-parser'

/** One call of each command, for reading its reply. */
const calls: Record<Exclude<CommandName, 'stop'>, Call<unknown>> = {
  handshake: handshakeCall(),
  auth: authCall('key'),
  event: eventCall('deploy'),
  'force-leave': forceLeaveCall('node'),
  join: joinCall('127.0.0.1:1'),
  members: membersCall(),
  'members-filtered': membersFilteredCall({}),
  stream: streamCall('*'),
  monitor: monitorCall('info'),
  leave: leaveCall(),
  'install-key': keyCall('install-key', 'key'),
  'use-key': keyCall('use-key', 'key'),
  'remove-key': keyCall('remove-key', 'key'),
  'list-keys': listKeysCall(),
  tags: tagsCall({}),
  query: queryCall('uptime'),
  respond: respondCall(1),
  stats: statsCall(),
  'get-coordinate': getCoordinateCall('node'),
}

/** For the bytes of each request, the call that reads its reply. The keys are the seqs. */
export function callsOf(requests: readonly Buffer[]): Record<number, Call<unknown>> {
  return Object.fromEntries(
    requests.map((bytes) => {
      const { command, seq } = requestHeader(bytes)
      const known = isCommandName(command) && command !== 'stop'
      return [seq, known ? calls[command] : rawCall(command)]
    }),
  )
}
