import { type Command, waitsForPruning } from './command'
import { event, stop, stream } from './events'
import { join, leave } from './join-leave'
import { installKey, listKeys, removeKey, useKey } from './keys'
import { forceLeave, members, membersFiltered, tags } from './members'
import { monitor } from './monitor'
import { auth, handshake } from './handshake'
import { query, respond } from './queries'
import { getCoordinate, stats } from './state'

/** Every command, by the name that it has on the wire. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    handshake,
    auth,
    event,
    'force-leave': waitsForPruning(forceLeave),
    join: waitsForPruning(join),
    members: waitsForPruning(members),
    'members-filtered': waitsForPruning(membersFiltered),
    stream,
    monitor,
    stop,
    leave: waitsForPruning(leave),
    'install-key': waitsForPruning(installKey),
    'use-key': waitsForPruning(useKey),
    'remove-key': waitsForPruning(removeKey),
    'list-keys': waitsForPruning(listKeys),
    tags: waitsForPruning(tags),
    query: waitsForPruning(query),
    respond,
    stats: waitsForPruning(stats),
    'get-coordinate': getCoordinate,
  }),
)
