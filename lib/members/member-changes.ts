import { concatMap, defer, type OperatorFunction } from 'rxjs'
import type { Member } from '../member'

/** What became of one member from one map to the next. */
export type MemberChange =
  | { type: 'added'; member: Member }
  | { type: 'updated'; member: Member; previous: Member }
  | { type: 'removed'; member: Member }

/**
 * Tells what has changed from map to map, one value for each member: of the first map every member as `added`; of each later one
 * first what was removed, then updated (another object for the name), then added. Whoever carries the changes out in turn has the map.
 * Completes, errors and unsubscribes with its source; each subscriber begins with nothing.
 * @example
 * membership().pipe(memberChanges()).subscribe(({ type, member }) => console.log(type, member.name, member.status))
 */
export function memberChanges(): OperatorFunction<ReadonlyMap<string, Member>, MemberChange> {
  return (source$) =>
    defer(() => {
      let known: ReadonlyMap<string, Member> = new Map()
      // A map that comes while changes are told, as it can when telling one leads to the next, waits for its turn.
      return source$.pipe(
        concatMap((members) => {
          const previous = known
          known = new Map(members)
          return changesBetween(previous, known)
        }),
      )
    })
}

function changesBetween(
  previous: ReadonlyMap<string, Member>,
  members: ReadonlyMap<string, Member>,
): MemberChange[] {
  const removed: MemberChange[] = []
  const updated: MemberChange[] = []
  const added: MemberChange[] = []
  for (const [name, member] of previous) if (!members.has(name)) removed.push({ type: 'removed', member })
  for (const [name, member] of members) {
    const before = previous.get(name)
    if (before === undefined) added.push({ type: 'added', member })
    else if (before !== member) updated.push({ type: 'updated', member, previous: before })
  }
  return [...removed, ...updated, ...added]
}
