import { BehaviorSubject, combineLatest, distinctUntilChanged, fromEvent, map, startWith } from 'rxjs'

export type Theme = 'system' | 'light' | 'dark'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const STORED = 'theme'

/** What was chosen, on this machine. */
export const theme$ = new BehaviorSubject<Theme>(stored())

const dark = matchMedia('(prefers-color-scheme: dark)')

/** Which of the two is shown. */
export const themed$ = combineLatest([theme$, fromEvent(dark, 'change').pipe(startWith(undefined))]).pipe(
  map(([theme]) => (theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme)),
  distinctUntilChanged(),
)

export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(theme$.value) + 1) % THEMES.length] ?? 'system'
  localStorage.setItem(STORED, next)
  theme$.next(next)
}

/** Shows what is chosen. */
export function applyTheme(): void {
  themed$.subscribe((theme) => (document.documentElement.dataset['theme'] = theme))
}

function stored(): Theme {
  const value = localStorage.getItem(STORED)
  return THEMES.find((theme) => theme === value) ?? 'system'
}
