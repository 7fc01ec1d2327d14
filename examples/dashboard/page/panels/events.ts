import { html, type TemplateResult } from 'lit-html'
import { classMap } from 'lit-html/directives/class-map.js'
import { BehaviorSubject, combineLatest, map, type Observable } from 'rxjs'
import type { EventKind, ShownEvent } from '../../messages'
import { draw, onFrame } from '../parts/draw'
import { byId } from '../parts/element'
import { clockTime } from '../parts/format'
import { kindOf } from '../parts/kind'
import { List, type Place } from '../parts/list'
import { held, pauseButton } from '../parts/pause'
import { payloadLine } from '../parts/payload'
import { visible } from '../parts/visible'
import { narrow } from '../parts/width'
import { select } from '../state/select'
import type { State } from '../state/state'

const KINDS: readonly EventKind[] = ['member', 'user', 'query']

/** What happens, newest first. */
export function eventsPanel(
  state$: Observable<State>,
  paused$: BehaviorSubject<boolean>,
  open: (event: ShownEvent) => void,
): void {
  const kinds$ = new BehaviorSubject<ReadonlySet<EventKind>>(new Set(KINDS))
  const list = new List<ShownEvent>(byId('events-list'), {
    key: ({ id }) => id,
    row: eventRow,
    reuse: true,
    rowHeight: () => (narrow.matches ? 48 : 26),
    open,
  })
  narrow.addEventListener('change', () => list.resize())
  const held$ = held(
    select(state$, ({ events }) => events),
    paused$,
    list.scrolled$,
  )
  draw(
    byId('events-head'),
    combineLatest([kinds$, held$]).pipe(
      map(([kinds, { paused, waiting }]) => {
        const toggle = (kind: EventKind) => {
          const others = new Set(kinds)
          if (!others.delete(kind)) others.add(kind)
          kinds$.next(others)
        }
        return html`<h2 id="events-title">Events</h2>
          <div class="choices" role="group" aria-label="Types">
            ${KINDS.map((kind) => kindToggle(kind, kinds.has(kind), () => toggle(kind)))}
          </div>
          ${pauseButton('events', paused, waiting, () => {
            if (paused) list.toStart()
            paused$.next(!paused)
          })}`
      }),
    ),
  )
  onFrame(combineLatest([held$, kinds$]), ([{ items }, kinds]) => {
    const shown = kinds.size === KINDS.length ? items : items.filter((event) => kinds.has(kindOf(event)))
    byId('events-none').textContent =
      shown.length > 0 ? '' : items.length > 0 ? 'No event of these types.' : 'No events yet.'
    list.show(shown)
  })
}

function kindToggle(kind: EventKind, pressed: boolean, toggle: () => void): TemplateResult {
  return html`<button type="button" class="choice" aria-pressed=${pressed} data-kind=${kind} @click=${toggle}>
    <span class="swatch" aria-hidden="true"></span>${kind}
  </button>`
}

function eventRow(event: ShownEvent, place: Place): TemplateResult {
  const { id, at, type, names, ltime, payload } = event
  return html`<div
    id=${place.id}
    class=${classMap({ row: true, event: true, active: place.active })}
    data-kind=${kindOf(event)}
    data-type=${type}
    data-event=${id}
    role="option"
    aria-selected=${place.active}
    aria-posinset=${place.position}
    .style=${place.style}
  >
    <time class="faint">${clockTime(at)}</time>
    <span class="event-type">${type}</span>
    <span class="what"
      ><bdi class="name">${names.map(visible).join(', ')}</bdi> ${
        payload ? html`<bdi class="payload">${payloadLine(payload)}</bdi>` : ''
      }</span
    >
    <span class="ltime faint">${ltime === undefined ? '' : `ltime ${ltime}`}</span>
  </div>`
}
