import { html, type TemplateResult } from 'lit-html'
import { combineLatest, distinctUntilChanged, type Observable, scan, startWith } from 'rxjs'

/** What a feed shows. */
export interface Held<T> {
  items: readonly T[]
  paused: boolean
  /** How many came since it was paused. */
  waiting: number
}

/** The feed as it was when it was paused or scrolled away from its newest entry; otherwise as it is now. */
export function held<T extends { id: number }>(
  items$: Observable<readonly T[]>,
  paused$: Observable<boolean>,
  scrolled$: Observable<boolean>,
): Observable<Held<T>> {
  const away$ = scrolled$.pipe(startWith(false), distinctUntilChanged())
  return combineLatest([items$, paused$, away$]).pipe(
    scan(
      (before: Held<T>, [items, paused, away]) => {
        if (!paused && !away) return { items, paused: false, waiting: 0 }
        const [newest] = before.items
        const waiting = newest ? items.findIndex(({ id }) => id <= newest.id) : items.length
        return { items: before.items, paused: true, waiting: waiting === -1 ? items.length : waiting }
      },
      { items: [], paused: false, waiting: 0 },
    ),
  )
}

export function pauseButton(
  what: string,
  paused: boolean,
  waiting: number,
  toggle: () => void,
): TemplateResult {
  return html`<button type="button" class="pause" id="${what}-pause" aria-pressed=${paused} @click=${toggle}>
    ${paused ? html`Resume${waiting > 0 ? html` <span class="figure">+${waiting}</span>` : ''}` : 'Pause'}
  </button>`
}
