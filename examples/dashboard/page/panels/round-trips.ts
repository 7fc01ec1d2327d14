import { html, render, type TemplateResult } from 'lit-html'
import { classMap } from 'lit-html/directives/class-map.js'
import type { Observable } from 'rxjs'
import { barWidth } from '../parts/bar'
import { onFrame } from '../parts/draw'
import { byId } from '../parts/element'
import { milliseconds } from '../parts/format'
import { List, type Place } from '../parts/list'
import { visible } from '../parts/visible'
import { select } from '../state/select'
import type { State } from '../state/state'

interface RoundTrip {
  name: string
  ms: number
}

/** How far the alive members are from the agent, nearest first. */
export function roundTripsPanel(state$: Observable<State>, open: (name: string) => void): void {
  let longest = 1
  const list = new List<RoundTrip>(byId('round-trips-list'), {
    key: ({ name }) => name,
    row: (roundTrip, place) => row(roundTrip, place, longest),
    rowHeight: () => 26,
    open: ({ name }) => open(name),
  })
  onFrame(
    select(state$, ({ roundTrips }) => roundTrips),
    (roundTrips) => {
      const sorted = [...roundTrips].map(([name, ms]) => ({ name, ms })).sort((a, b) => a.ms - b.ms)
      longest = Math.max(1, sorted.at(-1)?.ms ?? 0)
      const median = sorted[Math.floor(sorted.length / 2)]
      render(
        html`<h2 id="round-trips-title">Round trips</h2>
          <span class="faint">${median ? `median ${milliseconds(median.ms)} ms, log scale` : ''}</span>`,
        byId('round-trips-head'),
      )
      byId('round-trips-none').textContent = sorted.length > 0 ? '' : 'The agent has not measured any yet.'
      list.show(sorted)
    },
  )
}

function row({ name, ms }: RoundTrip, place: Place, longest: number): TemplateResult {
  return html`<div
    id=${place.id}
    class=${classMap({ row: true, trip: true, active: place.active })}
    role="option"
    aria-selected=${place.active}
    aria-posinset=${place.position}
    .style=${place.style}
  >
    <bdi class="name">${visible(name)}</bdi>
    <span class="bar"><span .style=${`width:${barWidth(ms, longest)}%`}></span></span>
    <span class="figure">${milliseconds(ms)}<span class="unit"> ms</span></span>
  </div>`
}
