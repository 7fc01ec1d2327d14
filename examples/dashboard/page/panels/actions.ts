import { html, render } from 'lit-html'
import { BehaviorSubject, combineLatest, type Observable } from 'rxjs'
import { type Action, ACTIONS } from '../../messages'
import { onFrame } from '../parts/draw'
import { byId } from '../parts/element'
import { select } from '../state/select'
import type { State } from '../state/state'
import { askForm } from './ask-form'
import { answers } from './answers'
import { fireForm } from './fire-form'

const WORDS: Readonly<Record<Action, string>> = { query: 'Ask', event: 'Fire' }

/** Asks the cluster, or fires a user event: what the server was started to allow. */
export function actionsPanel(state$: Observable<State>, openAnswer: Parameters<typeof answers>[2]): void {
  const action$ = new BehaviorSubject<Action>('query')
  const asking = askForm(state$)
  const firing = fireForm()
  answers(state$, asking.asked$, openAnswer)

  onFrame(
    combineLatest([action$, select(state$, ({ allow }) => allow), asking.template$, firing.template$]),
    ([action, allow, ask, fire]) => {
      render(
        html`<h2 id="ask-title" class="unseen">Ask and fire</h2>
          <div class="tabs" role="tablist" aria-labelledby="ask-title" @keydown=${turn}>
            ${ACTIONS.map(
              (known) =>
                html`<button
                  type="button"
                  role="tab"
                  id="tab-${known}"
                  aria-selected=${known === action}
                  aria-controls="ask-form"
                  tabindex=${known === action ? 0 : -1}
                  @click=${() => action$.next(known)}
                >
                  ${WORDS[known]}
                </button>`,
            )}
          </div>`,
        byId('ask-head'),
      )
      const form = byId('ask-form')
      form.setAttribute('aria-labelledby', `tab-${action}`)
      byId('ask').dataset['action'] = action
      render(allow.includes(action) ? (action === 'query' ? ask : fire) : refusal(action), form)
    },
  )

  function turn({ key }: KeyboardEvent): void {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return
    action$.next(action$.value === 'query' ? 'event' : 'query')
    requestAnimationFrame(() => requestAnimationFrame(() => byId(`tab-${action$.value}`).focus()))
  }
}

function refusal(action: Action) {
  return html`<p class="refusal">
    This dashboard only looks. Start it with <code>--allow ${action}</code> to
    ${action === 'query' ? 'ask queries' : 'fire user events'} from here.
  </p>`
}
