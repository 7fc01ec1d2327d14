import { html, type TemplateResult } from 'lit-html'
import { combineLatest, distinctUntilChanged, map, type Observable, timer } from 'rxjs'
import { draw } from '../parts/draw'
import { byId } from '../parts/element'
import { count, duration } from '../parts/format'
import { nextTheme, theme$ } from '../parts/theme'
import { visible } from '../parts/visible'
import { countByStatus } from '../state/member-table'
import { select } from '../state/select'
import type { State } from '../state/state'

/** Which agent is shown, and whether what is shown is live. */
export function headerPanel(
  state$: Observable<State>,
  openConnection: () => void,
  openKeys: () => void,
): void {
  // Not drawn again for each event.
  const connected$ = state$.pipe(
    distinctUntilChanged(
      (a, b) => a.connection === b.connection && a.health === b.health && a.link === b.link,
    ),
  )
  draw(
    byId('header'),
    combineLatest([connected$, theme$, timer(0, 1_000)]).pipe(
      map(
        ([state, theme]) =>
          html`<h1>
              <img src="icon.svg" alt="" width="24" height="24" />
              <span class="agent"
                ><bdi class="agent-name">${visible(state.health?.name ?? 'Serf')}</bdi>
                <span class="faint">${state.connection?.address ?? ''}</span></span
              >
            </h1>
            ${connectionMark(state, openConnection)}
            <span class="buttons">
              <button type="button" class="quiet" id="theme" @click=${nextTheme}>Theme: ${theme}</button>
              <button type="button" class="quiet" id="keys" @click=${openKeys}>Keys</button>
            </span>`,
      ),
    ),
  )
  combineLatest([
    select(state$, ({ members }) => members),
    select(state$, ({ health }) => health),
    select(state$, connectionWord),
  ]).subscribe(([members, health, word]) => {
    const { failed } = countByStatus(members)
    const news = [...(word === 'ready' ? [] : [word]), ...(failed > 0 ? [`${failed} failed`] : [])]
    document.title = [...news, visible(health?.name ?? 'Serf')].join(' · ')
  })
}

/** One word for the state of the connection. */
export function connectionWord({ link, connection }: State): string {
  if (link !== 'live') return link === 'lost' ? 'dashboard lost' : 'loading'
  return connection?.status ?? 'loading'
}

function connectionMark(state: State, open: () => void): TemplateResult {
  const { link, linkSince, connection, ahead } = state
  const word = connectionWord(state)
  const now = Date.now()
  const since = link === 'live' && connection ? now + ahead - connection.since : now - linkSince
  const gaps = connection?.gapCount ?? 0
  return html`<button type="button" id="connection" class="connection" data-word=${word} @click=${open}>
    <span class="connection-word">${word}</span>
    <span class="faint">${duration(since)}</span>
    <span class="gaps ${gaps > 0 ? '' : 'faint'}">${count(gaps, 'gap')}</span>
  </button>`
}
