import { concatMap, defer, type OperatorFunction } from 'rxjs'
import type { Member } from '../member'

/** The change of one member from one map to the next. */
export type MemberChange =
  | { type: 'added'; member: Member }
  | { type: 'updated'; member: Member; previous: Member }
  | { type: 'removed'; member: Member }

/**
 * Emits the changes from map to map, one value for each member. For the first map, every member is `added`.
 * For each later map, it emits the removed members first, then the updated ones (another object for the
 * name), then the added ones. Applying all changes in order yields the map. Each subscriber starts with no
 * members. Completes, errors and unsubscribes with its source.
 * @example
 * membership()
 *   .pipe(memberChanges())
 *   .subscribe(({ type, member }) => console.log(type, member.name, member.status))
 */
export function memberChanges(): OperatorFunction<ReadonlyMap<string, Member>, MemberChange> {
  return (source$) =>
    defer(() => {
      let known: ReadonlyMap<string, Member> = new Map()
      // A map that arrives while changes are being emitted, because a change caused it, waits for its turn.
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
