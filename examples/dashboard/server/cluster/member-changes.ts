import { map, type Observable, pairwise, startWith } from 'rxjs'
import type { Member } from 'serfx'
import type { ShownMember, Update } from '../../messages'

type Members = ReadonlyMap<string, Member>

/** What each map of the members changes: the first brings all. */
export function memberChangesOf(members$: Observable<Members>): Observable<NonNullable<Update['members']>> {
  return members$.pipe(
    startWith<Members>(new Map()),
    pairwise(),
    map(([before, now]) => ({
      put: [...now.values()].filter((member) => before.get(member.name) !== member).map(shown),
      removed: [...before.keys()].filter((name) => !now.has(name)),
    })),
  )
}

function shown({
  name,
  addr,
  port,
  tags,
  status,
  protocolMin,
  protocolMax,
  protocolCur,
}: Member): ShownMember {
  return { name, addr, port, tags, status, protocolMin, protocolMax, protocolCur }
}
