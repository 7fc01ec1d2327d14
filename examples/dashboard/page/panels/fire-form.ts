import { html, type TemplateResult } from 'lit-html'
import { BehaviorSubject, map, type Observable } from 'rxjs'
import type { EventRequest } from '../../messages'
import { clockTime } from '../parts/format'
import { fieldText } from '../parts/forms'
import { visible } from '../parts/visible'
import { post } from '../state/server'

type Outcome = { firing: string } | { fired: string; at: number } | { problem: string } | undefined

/** The form of a user event. */
export function fireForm(): { template$: Observable<TemplateResult> } {
  const outcome$ = new BehaviorSubject<Outcome>(undefined)

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault()
    const form = event.currentTarget
    const request: EventRequest = {
      name: fieldText(form, 'name'),
      payload: fieldText(form, 'payload'),
      coalesce: fieldText(form, 'coalesce') !== '',
    }
    outcome$.next({ firing: request.name })
    void post('event', request).then((problem) =>
      outcome$.next(problem === undefined ? { fired: request.name, at: Date.now() } : { problem }),
    )
  }
  return {
    template$: outcome$.pipe(
      map(
        (outcome) =>
          html`<form class="form" @submit=${submit}>
            <label class="wide"
              >User event
              <input
                name="name"
                required
                maxlength="400"
                placeholder="deploy"
                autocomplete="off"
                spellcheck="false"
            /></label>
            <label class="wide"
              >Payload <input name="payload" placeholder="none" autocomplete="off" spellcheck="false"
            /></label>
            <label class="check"
              ><input name="coalesce" type="checkbox" /> Coalesce: of several with this name, the newest
              alone</label
            >
            <button type="submit" class="primary">Fire</button>
            <p class="outcome" role="status">${told(outcome)}</p>
          </form>`,
      ),
    ),
  }
}

function told(outcome: Outcome): TemplateResult | string {
  if (outcome === undefined) return ''
  if ('firing' in outcome) return `Firing ${visible(outcome.firing)} …`
  if ('problem' in outcome) return html`<span class="problem">${visible(outcome.problem)}</span>`
  return `Fired ${visible(outcome.fired)} at ${clockTime(outcome.at)}.`
}
