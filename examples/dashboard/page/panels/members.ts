import { html, type TemplateResult } from 'lit-html'
import { BehaviorSubject, combineLatest, debounceTime, map, type Observable, startWith } from 'rxjs'
import type { MemberStatus, ShownMember } from '../../messages'
import { draw, onFrame } from '../parts/draw'
import { byId } from '../parts/element'
import { List } from '../parts/list'
import { STATUSES } from '../parts/status'
import { narrow } from '../parts/width'
import { GLOW } from '../state/apply'
import { countByStatus, type Filtering, type Sorting, tableOf } from '../state/member-table'
import { select } from '../state/select'
import type { State } from '../state/state'
import { memberHeading, memberRow, sortChoice } from './member-row'

const HEADING = 32 // px

/** The table of the members: failed first, unless another column is chosen. */
export function membersPanel(
  state$: Observable<State>,
  filtering$: BehaviorSubject<Filtering>,
  open: (name: string) => void,
): void {
  const sorting$ = new BehaviorSubject<Sorting>({ column: 'status', descending: false })
  let changed: State['changed'] = new Map()
  let roundTrips: State['roundTrips'] = new Map()
  let longest = 1
  const list = new List<ShownMember>(byId('members-list'), {
    key: ({ name }) => name,
    row: (member, place) =>
      memberRow(member, place, {
        glows: Date.now() - (changed.get(member.name) ?? 0) < GLOW,
        roundTrip: member.status === 'alive' ? roundTrips.get(member.name) : undefined,
        longest,
      }),
    rowHeight: () => (narrow.matches ? 60 : 30),
    heading: () => (narrow.matches ? 0 : HEADING),
    headingTemplate: () =>
      memberHeading(sorting$.value, (column) => {
        const { column: before, descending } = sorting$.value
        sorting$.next({ column, descending: column === before && !descending })
      }),
    open: ({ name }) => open(name),
  })
  narrow.addEventListener('change', () => list.resize())

  const members$ = select(state$, (state) => state.members)
  const changed$ = select(state$, (state) => state.changed)
  const roundTrips$ = select(state$, (state) => state.roundTrips)
  draw(
    byId('members-head'),
    combineLatest([members$, filtering$, sorting$]).pipe(
      map(([members, filtering, sorting]) => {
        const set = (part: Partial<Filtering>) => filtering$.next({ ...filtering$.value, ...part })
        return head(
          members,
          filtering,
          set,
          sortChoice(sorting, (chosen) => sorting$.next(chosen)),
        )
      }),
    ),
  )
  // Ends the highlight of changed rows.
  const faded$ = changed$.pipe(debounceTime(GLOW), startWith(undefined))
  onFrame(
    combineLatest([members$, changed$, roundTrips$, sorting$, filtering$, faded$]),
    ([members, newlyChanged, newRoundTrips, sorting, filtering]) => {
      changed = newlyChanged
      if (roundTrips !== newRoundTrips) {
        roundTrips = newRoundTrips
        longest = Math.max(1, ...roundTrips.values())
      }
      const shown = tableOf(members, roundTrips, sorting, filtering)
      byId('members-list').setAttribute('aria-rowcount', String(shown.length + 1))
      byId('members-none').textContent =
        shown.length > 0 ? '' : members.size > 0 ? 'No member matches the filter.' : 'No members yet.'
      list.show(shown)
    },
  )
}

function head(
  members: State['members'],
  { text, status }: Filtering,
  set: (part: Partial<Filtering>) => void,
  sorting: TemplateResult,
) {
  const counts = countByStatus(members)
  const choice = (value: MemberStatus | undefined, word: string, count: number) =>
    html`<button
      type="button"
      class="choice"
      aria-pressed=${status === value}
      @click=${() => set({ status: value })}
    >
      ${word} <span class="figure">${count}</span>
    </button>`
  const present = STATUSES.filter((known) => counts[known] > 0 || known === status)
  return html`<h2 id="members-title">Members</h2>
    <div class="choices" role="group" aria-label="Status">
      ${choice(undefined, 'all', members.size)} ${present.map((known) => choice(known, known, counts[known]))}
    </div>
    ${sorting}
    <input
      id="members-filter"
      class="filter"
      type="search"
      placeholder="name or role=web"
      aria-label="Filter members by name, address, or tag as in role=web"
      autocomplete="off"
      spellcheck="false"
      .value=${text}
      @input=${({ currentTarget }: Event & { currentTarget: HTMLInputElement }) =>
        set({ text: currentTarget.value })}
    />`
}
