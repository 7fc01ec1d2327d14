import fc from 'fast-check'
import { from, Subject, take, throwError, concat, type Observable } from 'rxjs'
import { filterMembers, type Member, type MemberChange, memberChanges, type MemberStatus } from 'serfx'
import { memberOf } from '../support/agents/member-of'
import { observe } from '../support/observe/recording'
import { marbles } from '../support/time/marbles'

type Members = ReadonlyMap<string, Member>
const mapOf = (...members: Member[]): Members => new Map(members.map((member) => [member.name, member]))

const [a, b, c, d] = [memberOf('a'), memberOf('b'), memberOf('c'), memberOf('d')]
const b2 = memberOf('b', { status: 'failed' })
const maps = { o: mapOf(), a: mapOf(a), x: mapOf(a, b), y: mapOf(c, b2, d), z: mapOf(a, b2) }
const changes: Record<string, MemberChange> = {
  a: { type: 'added', member: a },
  b: { type: 'added', member: b },
  c: { type: 'added', member: c },
  d: { type: 'added', member: d },
  A: { type: 'removed', member: a },
  B: { type: 'removed', member: b },
  u: { type: 'updated', member: b2, previous: b },
}

function fold(all: Iterable<MemberChange>): Map<string, Member> {
  const folded = new Map<string, Member>()
  for (const { type, member } of all)
    if (type === 'removed') folded.delete(member.name)
    else folded.set(member.name, member)
  return folded
}

describe('memberChanges', () => {
  it.each([
    ['never', '-', '-'],
    ['empty', '--|', '--|'],
    ['the first map: all are added', '-x---|', '-(ab)|'],
    ['an empty map', '-o-|', '---|'],
    ['what was removed, then updated, then added', '-x---y-----|', '-(ab)(Aucd)|'],
    ['no map that is the same', '-x---x---|', '-(ab)----|'],
    ['one that goes and comes back', '-a-o-a-|', '-a-A-a-|'],
    ['an error', '-a-#', '-a-#'],
    ['nothing but an error', '#', '#'],
  ])('%s', (_name, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, maps).pipe(memberChanges())).toBe(expected, changes)
    })
  })

  it('unsubscribes from its source at once, in the middle of a map too', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-x---y---|', maps)
      expectObservable(source$.pipe(memberChanges()), '^--!').toBe('-(ab)', changes)
      expectObservable(source$.pipe(memberChanges(), take(1))).toBe('-(a|)', changes)
      expectSubscriptions(source$.subscriptions).toBe(['^--!', '^!'])
    })
  })

  it('begins with nothing for each subscriber', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a---z---|', maps)
      const changes$ = source$.pipe(memberChanges())
      const added = { ...changes, v: { type: 'added', member: b2 } }
      expectObservable(changes$).toBe('-a---v---|', added)
      expectObservable(changes$, '--^').toBe('-----(av)|', added)
      expectSubscriptions(source$.subscriptions).toBe(['^--------!', '--^------!'])
    })
  })

  it('tells maps one after another, where telling one brings the next', () => {
    const maps$ = new Subject<Members>()
    const told: MemberChange[] = []
    maps$.pipe(memberChanges()).subscribe((change) => {
      told.push(change)
      if (told.length === 1) maps$.next(mapOf(b2))
    })
    maps$.next(mapOf(a, b))
    expect(told).toEqual([changes['a'], changes['b'], changes['A'], changes['u']])
  })

  it('is not misled by a map that its owner changes', () => {
    const changing = new Map([['a', a]])
    const maps$ = new Subject<Members>()
    const seen = observe(maps$.pipe(memberChanges()))
    maps$.next(changing)
    changing.delete('a')
    changing.set('b', b)
    maps$.next(changing)
    expect(seen.values).toEqual([changes['a'], changes['A'], changes['b']])
  })
})

describe('whatever happens', () => {
  const statuses: MemberStatus[] = ['alive', 'failed', 'left']
  // Few names, so that they go, come back and change; objects of their own, and some that stay the same.
  const pool = ['a', 'b', 'c', 'd', 'e'].flatMap((name) =>
    statuses.map((status) => memberOf(name, { status })),
  )
  const member = fc.oneof(
    fc.constantFrom(...pool),
    fc.constantFrom(...pool).map((one) => ({ ...one })),
  )
  const history = fc.array(fc.array(member, { maxLength: 6 }).map((members) => mapOf(...members)))
  const contents = (map: Members) => [...map].sort(([one], [other]) => (one < other ? -1 : 1))

  const foldsTo = (maps$: Observable<Members>, expected: Members) => {
    const folded = fold(observe(maps$.pipe(memberChanges())).values)
    expect(contents(folded)).toEqual(contents(expected))
    for (const [name, one] of folded) expect(one).toBe(expected.get(name))
  }

  it('folded, the changes are the map', () => {
    fc.assert(fc.property(history, (all) => foldsTo(from(all), all.at(-1) ?? mapOf())))
  })

  it('folded, the changes of a selection are the selection', () => {
    const alive = filterMembers({ status: 'alive' })
    fc.assert(
      fc.property(history, (all) => {
        const expected = [...(all.at(-1) ?? [])].filter(([, { status }]) => status === 'alive')
        foldsTo(from(all).pipe(alive), new Map(expected))
      }),
    )
  })

  it('each change fits the map that it changes', () => {
    fc.assert(
      fc.property(history, (all) => {
        const known = new Map<string, Member>()
        const cut$ = concat(
          from(all),
          throwError(() => new Error('cut')),
        )
        for (const change of observe(cut$.pipe(memberChanges())).values) {
          const { type, member } = change
          expect(known.has(member.name)).toBe(type !== 'added')
          if (type === 'updated') expect(known.get(member.name)).toBe(change.previous)
          if (type === 'removed') {
            expect(known.get(member.name)).toBe(member)
            known.delete(member.name)
          } else known.set(member.name, member)
        }
      }),
    )
  })
})
