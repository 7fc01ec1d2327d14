import { from, map, of } from 'rxjs'
import { filterMembers, type Member, type MemberCriteria } from 'serfx'
import { memberOf } from '../support/agents/member-of'
import { observe } from '../support/observe/recording'
import { thrown } from '../support/observe/thrown'
import { marbles } from '../support/time/marbles'

const mapOf = (...members: Member[]): ReadonlyMap<string, Member> =>
  new Map(members.map((member) => [member.name, member]))

const web = memberOf('web', { tags: { role: 'web', note: '' } })
const newWeb = memberOf('web', { tags: { role: 'web', note: 'new' } })
const second = memberOf('web-2', { tags: { role: 'web' } })
const database = memberOf('db', { tags: { role: 'db' } })
const lost = memberOf('web', { status: 'failed', tags: { role: 'web' } })

const all = {
  o: mapOf(),
  d: mapOf(database),
  w: mapOf(web),
  b: mapOf(web, database),
  B: mapOf(database, web),
  n: mapOf(newWeb, database),
  t: mapOf(web, second, database),
  l: mapOf(lost, database),
}
const selected = { o: mapOf(), w: mapOf(web), n: mapOf(newWeb), t: mapOf(web, second) }
const webs: MemberCriteria = { status: 'alive', tags: { role: 'web' } }

describe('filterMembers', () => {
  it.each([
    ['never', '-', '-'],
    ['empty', '--|', '--|'],
    ['one', '-b-|', '-w-|'],
    ['the first, although it selects nobody', '-d-d-|', '-o---|'],
    ['no map that makes no difference', '-b-w-B-b-|', '-w-------|'],
    ['one more, one less, another object, none, and back', '-b-t-b-n-l-b|', '-w-t-w-n-o-w|'],
    ['several at once', '(bdt)-|', '(wot)-|'],
    ['an error', '-b-#', '-w-#'],
    ['nothing but an error', '#', '#'],
  ])('%s', (_name, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, all).pipe(filterMembers(webs))).toBe(expected, selected)
    })
  })

  it('unsubscribes from its source at once', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-b-t-b|', all)
      expectObservable(source$.pipe(filterMembers(webs)), '^--!').toBe('-w--', selected)
      expectSubscriptions(source$.subscriptions).toBe('^--!')
    })
  })

  it('serves two subscribers alike', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-b-b-t-b|', all)
      const selected$ = source$.pipe(filterMembers(webs))
      expectObservable(selected$).toBe('-w---t-w|', selected)
      expectObservable(selected$, '--^').toBe('---w-t-w|', selected)
      expectSubscriptions(source$.subscriptions).toBe(['^-------!', '--^-----!'])
    })
  })

  it('sees what has changed in a map that its owner changes', () => {
    const changing = new Map([['web', web]])
    const seen: string[][] = []
    from([1, 2])
      .pipe(
        map((): ReadonlyMap<string, Member> => changing),
        filterMembers(webs),
      )
      .subscribe((members) => {
        seen.push([...members.keys()])
        changing.set('web-2', second)
      })
    expect(seen).toEqual([['web'], ['web', 'web-2']])
  })

  describe('selects', () => {
    const members = mapOf(web, second, database, memberOf('gone', { status: 'left' }))
    const namesOf = (criteria: Parameters<typeof filterMembers>[0]) =>
      observe(of(members).pipe(filterMembers(criteria))).values.map((map) => [...map.keys()])
    const everybody = ['web', 'web-2', 'db', 'gone']

    it.each<[string, Parameters<typeof filterMembers>[0], string[]]>([
      ['all', {}, everybody],
      ['all, where nothing is said', { name: undefined, status: undefined, tags: undefined }, everybody],
      ['all, where no tag is said', { tags: {} }, everybody],
      ['a name', { name: 'web' }, ['web']],
      ['what a pattern finds in a name', { name: /eb/ }, ['web', 'web-2']],
      ['a status', { status: 'left' }, ['gone']],
      ['one of several statuses', { status: ['left', 'alive', 'failed'] }, everybody],
      ['nobody, where no status is right', { status: [] }, []],
      ['a tag', { tags: { role: 'db' } }, ['db']],
      ['a tag by pattern', { tags: { role: /^w/ } }, ['web', 'web-2']],
      ['an empty tag, but no absent one', { tags: { note: '' } }, ['web']],
      ['whatever a tag says, but no absent one', { tags: { note: /.*/ } }, ['web']],
      ['no tag that only every object has', { tags: { constructor: /./ } }, []],
      ['who has all of it', { name: /^web/, status: 'alive', tags: { role: 'web', note: '' } }, ['web']],
      ['what a function says', ({ name }) => name.length === 3, ['web']],
    ])('%s', (_what, criteria, expected) => {
      expect(namesOf(criteria)).toEqual([expected])
    })

    it.each(['', 'g', 'y', 'gy', 'giy'])('alike with the flags "%s", again and again', (flags) => {
      const name = new RegExp('eb', flags)
      name.lastIndex = 2
      const criteria = { name, tags: { role: new RegExp('b$', flags) } }
      for (let round = 0; round < 3; round++) expect(namesOf(criteria)).toEqual([['web', 'web-2']])
      expect(name.lastIndex).toBe(2)
    })

    it('what was said at the call, whatever becomes of it', () => {
      const criteria = { status: ['left'] as ('left' | 'alive')[], tags: {} as Record<string, string> }
      const operator = filterMembers(criteria)
      criteria.status.push('alive')
      criteria.tags['role'] = 'none'
      expect([...(observe(of(members).pipe(operator)).values[0]?.keys() ?? [])]).toEqual(['gone'])
    })
  })

  it('errors when the function throws', () => {
    const error = new Error('broken on purpose')
    const broken = (): boolean => {
      throw error
    }
    expect(observe(of(mapOf(web)).pipe(filterMembers(broken))).error).toBe(error)
  })

  it.each<[unknown, string]>([
    [{ role: 'web' }, 'the criteria of filterMembers: there is no "role"; valid: name, status, tags'],
    [
      { status: 'dead' },
      'filterMembers: there is no status "dead"; valid: none, alive, leaving, left, failed',
    ],
    [
      { status: ['alive', 'up'] },
      'filterMembers: there is no status "up"; valid: none, alive, leaving, left, failed',
    ],
    [{ status: null }, 'filterMembers: there is no status null; valid: none, alive, leaving, left, failed'],
    [{ name: 7 }, 'filterMembers: the name must be a string or a RegExp, not 7'],
    [{ tags: { weight: 5 } }, 'filterMembers: the tag "weight" must be a string or a RegExp, not 5'],
    [{ tags: ['role'] }, 'filterMembers: tags must be an object, not an array'],
    [{ tags: new Map([['role', 'web']]) }, 'filterMembers: tags must be a plain object'],
    [{ tags: null }, 'filterMembers: tags must be an object, not null'],
    [undefined, 'the criteria of filterMembers must be an object, not undefined'],
    ['web', 'the criteria of filterMembers must be an object, not "web"'],
    [/web/, 'filterMembers: say what is to match, as in { name: /web/ }'],
  ])('refuses %j at the call', (criteria, message) => {
    expect(thrown(() => filterMembers(criteria as MemberCriteria))).toEqual(new TypeError(message))
  })
})
