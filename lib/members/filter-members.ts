import { distinctUntilChanged, map, type OperatorFunction, pipe } from 'rxjs'
import type { Member } from '../member'
import { type MemberCriteria, memberTest } from './member-criteria'

/**
 * Selects members from the maps of `membership()`. Emits the first selection, even if it is empty, and then a
 * new map whenever the selection has changed: a member was added or removed, or is another object. A change
 * of other members emits nothing. Each subscriber has its own state. Completes, errors and unsubscribes with
 * its source; errors when the function throws.
 * @param criteria The properties that a member must have, or a function of the member. `{}` selects all
 *   members.
 * @throws TypeError at the call for a criterion or a status that does not exist.
 * @example
 * membership()
 *   .pipe(filterMembers({ status: 'alive', tags: { role: 'web' } }))
 *   .subscribe((web) => console.log([...web.keys()]))
 */
export function filterMembers(
  criteria: MemberCriteria | ((member: Member) => boolean),
): OperatorFunction<ReadonlyMap<string, Member>, ReadonlyMap<string, Member>> {
  const selects = memberTest(criteria)
  return pipe(
    map((members) => new Map([...members].filter(([, member]) => selects(member)))),
    distinctUntilChanged(sameMembers),
  )
}

function sameMembers(a: ReadonlyMap<string, Member>, b: ReadonlyMap<string, Member>): boolean {
  if (a.size !== b.size) return false
  for (const [name, member] of a) if (b.get(name) !== member) return false
  return true
}
