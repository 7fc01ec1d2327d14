import { html, nothing, render, type TemplateResult } from 'lit-html'
import { classMap } from 'lit-html/directives/class-map.js'
import { combineLatest, interval, type Observable, of, startWith, switchMap, take } from 'rxjs'
import type { ShownPayload } from '../../messages'
import { onFrame } from '../parts/draw'
import { byId } from '../parts/element'
import { List, type Place } from '../parts/list'
import { payloadLine } from '../parts/payload'
import { visible } from '../parts/visible'
import { select } from '../state/select'
import type { AskState, State } from '../state/state'
import type { Asked } from './ask-form'

/** What a node that was asked has said so far. */
export interface Answer {
  name: string
  acked: boolean
  payload: ShownPayload | undefined
}

/** How often the bar to the deadline moves, in ms. */
const TICK = 100

/** The answers as they come, who is missing, and the time that is left. */
export function answers(
  state$: Observable<State>,
  asked$: Observable<Asked | undefined>,
  open: (answer: Answer) => void,
): void {
  let over = false
  const list = new List<Answer>(byId('ask-list'), {
    key: ({ name }) => name,
    row: (answer, place) => answerRow(answer, place, over),
    rowHeight: () => 28,
    open,
  })
  const ask$ = select(state$, ({ ask }) => ask)
  const ticking$ = asked$.pipe(
    switchMap((asked) =>
      asked ? interval(TICK).pipe(take(Math.ceil(asked.timeout / TICK) + 1), startWith(0)) : of(0),
    ),
  )
  onFrame(combineLatest([asked$, ask$, ticking$]), ([asked, known]) => {
    const ask = known?.id === asked?.id ? known : undefined
    over = ask !== undefined && (ask.done || ask.error !== undefined)
    const all = ask ? answersOf(ask) : []
    render(asked ? progress(asked, ask, all) : html``, byId('ask-progress'))
    list.show(all)
    byId('ask-list').hidden = all.length === 0
    byId('ask-none').textContent = asked ? '' : 'Answers appear here as they come, and who does not answer.'
  })
}

function answersOf({ asked, acks, responses }: AskState): Answer[] {
  const answered = responses.map(({ from, payload }) => ({ name: from, acked: true, payload }))
  const names = new Set(responses.map(({ from }) => from))
  const missing = asked
    .filter((name) => !names.has(name))
    .map((name) => ({ name, acked: acks.has(name), payload: undefined }))
  return [...answered, ...missing]
}

function progress(asked: Asked, ask: AskState | undefined, all: readonly Answer[]): TemplateResult {
  const problem = asked.problem ?? ask?.error
  if (problem !== undefined) return html`<p class="problem" role="alert">${visible(problem)}</p>`
  const answered = ask?.responses.length ?? 0
  const left = Math.max(0, asked.at + asked.timeout - Date.now())
  const passed = Math.round(100 * (1 - left / asked.timeout))
  const done = ask?.done ?? false
  const missing = all.filter(({ payload }) => !payload)
  return html`<div class="progress" data-done=${done}>
    <div class="progress-line">
      <span
        ><b class="figure">${answered}</b> of <b class="figure">${ask?.asked.length ?? '…'}</b> answered</span
      >
      <span class="faint">${ask?.acks.size ?? 0} acks</span>
      <span class=${done && missing.length > 0 ? 'problem' : 'faint'}>${missing.length} missing</span>
      <span class="ends faint figure">${done ? 'done' : `${(left / 1000).toFixed(1)} s left`}</span>
    </div>
    <div
      class="deadline"
      role="progressbar"
      aria-label="Time to the deadline of ${visible(asked.name)}"
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${done ? 100 : passed}
    >
      <span .style=${`width:${done ? 100 : passed}%`}></span>
    </div>
    ${
      missing.length > 0 && answered > 0
        ? html`<p class="missing faint">Missing: ${missing.map(({ name }) => visible(name)).join(', ')}</p>`
        : nothing
    }
  </div>`
}

function answerRow({ name, acked, payload }: Answer, place: Place, over: boolean): TemplateResult {
  const waiting = acked ? (over ? 'acked, no answer' : 'acked…') : over ? 'silent' : 'waiting…'
  return html`<div
    id=${place.id}
    class=${classMap({ row: true, answer: true, active: place.active })}
    data-answer=${payload ? 'given' : over ? 'missing' : 'awaited'}
    role="option"
    aria-selected=${place.active}
    aria-posinset=${place.position}
    .style=${place.style}
  >
    <bdi class="name">${visible(name)}</bdi>
    ${payload ? html`<bdi class="payload">${payloadLine(payload) || '(empty)'}</bdi>` : html`<span class="no-answer">${waiting}</span>`}
  </div>`
}
