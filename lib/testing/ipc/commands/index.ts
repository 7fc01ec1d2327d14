import type { Command } from './command'
import { event, stop, stream } from './events'
import { join, leave } from './joining'
import { installKey, listKeys, removeKey, useKey } from './keys'
import { forceLeave, members, membersFiltered, tags } from './members'
import { monitor } from './monitor'
import { auth, handshake } from './opening'
import { query, respond } from './queries'
import { getCoordinate, stats } from './state'

/** Every command, by the name that it has on the wire. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    handshake,
    auth,
    event,
    'force-leave': forceLeave,
    join,
    members,
    'members-filtered': membersFiltered,
    stream,
    monitor,
    stop,
    leave,
    'install-key': installKey,
    'use-key': useKey,
    'remove-key': removeKey,
    'list-keys': listKeys,
    tags,
    query,
    respond,
    stats,
    'get-coordinate': getCoordinate,
  }),
)
