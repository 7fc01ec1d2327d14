import { html, type TemplateResult } from 'lit-html'
import { type BehaviorSubject, combineLatest, map, type Observable } from 'rxjs'
import type { MemberStatus } from '../../messages'
import { draw } from '../parts/draw'
import { byId } from '../parts/element'
import { milliseconds } from '../parts/format'
import { countByStatus, type Filtering } from '../state/member-table'
import { select } from '../state/select'
import type { State } from '../state/state'

/** Shown whether or not there are such members. */
const ALWAYS: readonly MemberStatus[] = ['failed', 'leaving', 'alive', 'left']

/** The figures that show whether all is well. A click on a count of members filters the table. */
export function summaryPanel(state$: Observable<State>, filtering$: BehaviorSubject<Filtering>): void {
  const parts$ = combineLatest([
    select(state$, ({ members }) => members),
    select(state$, ({ roundTrips }) => roundTrips),
    select(state$, ({ rates }) => rates),
    select(state$, ({ health }) => health),
    filtering$,
  ])
  draw(
    byId('summary'),
    parts$.pipe(
      map(([members, roundTrips, rates, health, filtering]) => {
        const counts = countByStatus(members)
        const latest = rates.slice(-5)
        const sum = latest.reduce((total, { member, user, query }) => total + member + user + query, 0)
        const sorted = [...roundTrips.values()].sort((a, b) => a - b)
        const median = sorted[Math.floor(sorted.length / 2)]
        const queues = health && health.eventQueue + health.intentQueue + health.queryQueue
        return html`${ALWAYS.map((status) =>
          countTile(status, counts[status], filtering.status === status, () =>
            filtering$.next({
              ...filtering$.value,
              status: filtering$.value.status === status ? undefined : status,
            }),
          ),
        )}
        ${tile('Events', latest.length === 0 ? '–' : rate(sum / latest.length), '/s')}
        ${tile(html`Median <span class="roomy">round </span>trip`, median === undefined ? '–' : milliseconds(median), 'ms')}
        ${tile('Queued', queues === undefined ? '–' : String(queues), '')}
        ${tile('Health score', health === undefined ? '–' : String(health.healthScore), '')}`
      }),
    ),
  )
}

const rate = (perSecond: number): string => perSecond.toFixed(perSecond < 10 ? 1 : 0)

function countTile(
  status: MemberStatus,
  count: number,
  pressed: boolean,
  toggle: () => void,
): TemplateResult {
  return html`<button
    type="button"
    class="tile count"
    data-status=${status}
    data-count=${count}
    aria-pressed=${pressed}
    @click=${toggle}
  >
    <span class="tile-label">${status}</span><span class="tile-value">${count}</span>
  </button>`
}

function tile(label: TemplateResult | string, value: string, unit: string): TemplateResult {
  return html`<div class="tile">
    <span class="tile-label">${label}</span>
    <span class="tile-value"
      >${value}${unit && value !== '–' ? html`<span class="unit"> ${unit}</span>` : ''}</span
    >
  </div>`
}
