import { distinctUntilChanged, map, type OperatorFunction, pipe } from 'rxjs'
import type { Member } from '../member'
import { type MemberCriteria, memberTest } from './member-criteria'

/**
 * Selects some of the members that `membership()` gives. Emits the first selection, an empty one too, and then a new map whenever the
 * selection differs: a member more, a member less, or another object for one. A change among the others emits nothing.
 * Stateless between subscribers; completes, errors and unsubscribes with its source. An error that the function throws errors it.
 * @param criteria What a member must have, or a function of the member. `{}` selects all.
 * @throws TypeError at the call, for a criterion or a status that does not exist.
 * @example
 * membership().pipe(filterMembers({ status: 'alive', tags: { role: 'web' } })).subscribe((web) => console.log([...web.keys()]))
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
