import { tagOf } from '../../cluster/member'
import { compilePattern } from '../../cluster/pattern'
import { forceLeaveRequest, membersFilteredRequest, tagsRequest } from '../../wire/requests'
import { bodiless, command, HangUp } from './command'

export const members = bodiless(({ client, reply }) => reply.succeed(client.serf.members.reply()))

export const membersFiltered = command(
  membersFilteredRequest,
  ({ client, reply }, { Tags, Status, Name }) => {
    const tags = Object.entries(Tags).map(([tag, pattern]) => ({ tag, matches: anchored(pattern) }))
    const matchesStatus = Status === '' ? undefined : anchored(Status)
    const matchesName = Name === '' ? undefined : anchored(Name)
    const body = client.serf.members.replyOf(
      (member) =>
        tags.every(({ tag, matches }) => matches(tagOf(member.tags, tag))) &&
        matchesStatus?.(member.status) !== false &&
        matchesName?.(member.name) !== false,
    )
    reply.succeed(body)
  },
)

export const forceLeave = command(forceLeaveRequest, async ({ client, reply }, { Node, Prune }) => {
  const { serf } = client
  const member = serf.members.get(Node)
  serf.log.write('info', `agent: Force leaving node${Prune ? ' (prune)' : ''}: ${Node}`)
  if (Node === serf.name) serf.log.write('debug', 'serf: Refuting an older leave intent')
  else if (member && Prune) await serf.removal.forcePrune(Node)
  else if (member) serf.removal.forceLeave(member)
  reply.succeed()
})

/** Removes first, then sets. */
export const tags = command(tagsRequest, ({ client, reply }, { Tags, DeleteTags }) => {
  const { serf } = client
  const kept = Object.entries(serf.self.tags).filter(([tag]) => !DeleteTags.includes(tag))
  reply.conclude(serf.retag({ ...Object.fromEntries(kept), ...Tags }))
})

/** Serf puts no group around what it anchors: `p|2` is what begins with `p` or ends with `2`. */
function anchored(pattern: string) {
  const matches = compilePattern(`^${pattern}$`)
  if (!matches) throw new HangUp(`Failed to compile regex: error parsing regexp: ^${pattern}$`)
  return matches
}
