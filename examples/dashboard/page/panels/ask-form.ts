import { html, type TemplateResult } from 'lit-html'
import { BehaviorSubject, map, type Observable } from 'rxjs'
import type { QueryRequest } from '../../messages'
import { fieldText, listOf, tagsOf } from '../parts/forms'
import { post } from '../state/server'
import type { State } from '../state/state'

/** A query that was sent from here. */
export interface Asked {
  id: number
  name: string
  /** The page's clock. */
  at: number
  /** Milliseconds. */
  timeout: number
  /** Why it was not sent. */
  problem: string | undefined
}

/** The form of a query. */
export function askForm(state$: Observable<State>): {
  template$: Observable<TemplateResult>
  asked$: Observable<Asked | undefined>
} {
  const asked$ = new BehaviorSubject<Asked | undefined>(undefined)
  let tab = ''
  state$.subscribe((state) => (tab = state.tab ?? ''))

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault()
    const id = Date.now()
    const asked: Asked = { id, name: '', at: id, timeout: 0, problem: undefined }
    try {
      const request = requestOf(event.currentTarget, tab, id)
      const { name, timeout } = request
      asked$.next({ ...asked, name, timeout })
      void post('query', request).then((problem) => {
        if (problem !== undefined) asked$.next({ ...asked, name, timeout, problem })
      })
    } catch (error) {
      asked$.next({ ...asked, problem: error instanceof Error ? error.message : String(error) })
    }
  }
  const template = html`<form class="form" @submit=${submit}>
    <label class="wide"
      >Query
      <input name="name" required maxlength="400" placeholder="uptime" autocomplete="off" spellcheck="false"
    /></label>
    <label class="wide"
      >Payload <input name="payload" placeholder="none" autocomplete="off" spellcheck="false"
    /></label>
    <label
      >Nodes
      <input
        name="nodes"
        placeholder="all"
        autocomplete="off"
        spellcheck="false"
        aria-description="Names, with commas between"
    /></label>
    <label
      >Tags
      <input
        name="tags"
        placeholder="role=web"
        autocomplete="off"
        spellcheck="false"
        aria-description="Patterns, as in role=web, with commas between"
    /></label>
    <label class="short"
      >Seconds <input name="timeout" type="number" min="1" max="600" value="5" required inputmode="numeric"
    /></label>
    <button type="submit" class="primary">Ask</button>
  </form>`
  return { template$: asked$.pipe(map(() => template)), asked$ }
}

function requestOf(form: HTMLFormElement, tab: string, id: number): QueryRequest {
  return {
    tab,
    id,
    name: fieldText(form, 'name'),
    payload: fieldText(form, 'payload'),
    filterNodes: listOf(fieldText(form, 'nodes')),
    filterTags: tagsOf(fieldText(form, 'tags')),
    timeout: 1_000 * Number(fieldText(form, 'timeout')),
  }
}
