import { html, render, type TemplateResult } from 'lit-html'
import { classMap } from 'lit-html/directives/class-map.js'
import { BehaviorSubject, combineLatest, distinctUntilChanged, filter, type Observable } from 'rxjs'
import { LOG_LEVELS, type LogLevel, type LogRequest } from '../../messages'
import { onFrame } from '../parts/draw'
import { byId } from '../parts/element'
import { List, type Place } from '../parts/list'
import { held, pauseButton } from '../parts/pause'
import { visible } from '../parts/visible'
import { narrow } from '../parts/width'
import { select } from '../state/select'
import { post } from '../state/server'
import type { LogEntry, State } from '../state/state'

/** The agent's log from the chosen level on, newest first. */
export function logPanel(state$: Observable<State>, open: (line: string) => void): void {
  const level$ = new BehaviorSubject<LogLevel | null>('info')
  const text$ = new BehaviorSubject('')
  const paused$ = new BehaviorSubject(false)
  const problem$ = new BehaviorSubject('')
  const list = new List<LogEntry>(byId('log-list'), {
    key: ({ id }) => id,
    row: logRow,
    reuse: true,
    rowHeight: () => (narrow.matches ? 58 : 22),
    open: ({ line }) => open(line),
  })
  narrow.addEventListener('change', () => list.resize())

  // Each stream of the server begins without a log.
  const tab$ = select(state$, ({ tab }) => tab).pipe(filter((tab) => tab !== undefined))
  combineLatest([tab$, level$])
    .pipe(distinctUntilChanged(([a, b], [c, d]) => a === c && b === d))
    .subscribe(([tab, level]) => {
      const request: LogRequest = { tab, level }
      void post('log', request).then((problem) => problem$.next(problem ?? ''))
    })

  const log$ = select(state$, ({ log }) => log)
  const held$ = held(
    select(log$, ({ lines }) => lines),
    paused$,
    list.scrolled$,
  )
  onFrame(
    combineLatest([log$, held$, level$, text$, problem$]),
    ([log, { items, paused, waiting }, level, text, problem]) => {
      const pause = () => {
        if (paused) list.toStart()
        paused$.next(!paused)
      }
      render(
        html`<h2 id="log-title">Log</h2>
          ${levelChoice(level, (chosen) => level$.next(chosen))}
          <input
            class="filter"
            type="search"
            placeholder="contains"
            aria-label="Filter the log"
            autocomplete="off"
            spellcheck="false"
            @input=${({ currentTarget }: Event & { currentTarget: HTMLInputElement }) => text$.next(currentTarget.value)}
          />
          ${pauseButton('log', paused, waiting, pause)}`,
        byId('log-head'),
      )
      const wanted = text.toLowerCase()
      const shown = level === null ? [] : items.filter(({ line }) => line.toLowerCase().includes(wanted))
      byId('log-none').textContent = problem || log.error || emptyText(level, items.length, shown.length)
      list.show(shown)
    },
  )
}

function emptyText(level: LogLevel | null, lines: number, shown: number): string {
  if (shown > 0) return ''
  if (level === null) return 'Choose a level to follow the log of the agent.'
  return lines > 0 ? 'No line matches the filter.' : 'No lines yet.'
}

function levelChoice(level: LogLevel | null, choose: (level: LogLevel | null) => void): TemplateResult {
  return html`<select
    class="level"
    aria-label="Level of the log"
    @change=${({ currentTarget }: Event & { currentTarget: HTMLSelectElement }) =>
      choose(LOG_LEVELS.find((known) => known === currentTarget.value) ?? null)}
  >
    <option value="off" ?selected=${level === null}>off</option>
    ${LOG_LEVELS.map((known) => html`<option value=${known} ?selected=${known === level}>${known}</option>`)}
  </select>`
}

/** As `2026/11/24 03:09:49 [WARN] agent.ipc: …`. */
const LINE = /^(?:\d{4}\/\d\d\/\d\d )?(\d\d:\d\d:\d\d)? ?\[(\w+)\] (.*)$/s

function logRow({ line }: LogEntry, place: Place): TemplateResult {
  const [, time = '', level = '', text = line] = LINE.exec(line) ?? []
  return html`<div
    id=${place.id}
    class=${classMap({ row: true, 'log-line': true, active: place.active })}
    data-level=${level.toLowerCase()}
    role="option"
    aria-selected=${place.active}
    aria-posinset=${place.position}
    title=${visible(line)}
    .style=${place.style}
  >
    <span class="faint">${visible(time)}</span>
    <span class="log-level">${visible(level)}</span>
    <bdi class="payload">${visible(text)}</bdi>
  </div>`
}
