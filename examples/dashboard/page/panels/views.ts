import { html, render } from 'lit-html'
import { byId } from '../parts/element'

/** The panels by the key that leads to each, and where the focus goes. */
const VIEWS = [
  { view: 'members', word: 'Members', key: 'm', focus: 'members-list' },
  { view: 'events', word: 'Events', key: 'e', focus: 'events-list' },
  { view: 'round-trips', word: 'Trips', key: 'r', focus: 'round-trips-list' },
  { view: 'ask', word: 'Ask', key: 'a', focus: 'tab-query' },
  { view: 'log', word: 'Log', key: 'l', focus: 'log-list' },
] as const

type View = (typeof VIEWS)[number]['view']

/** On a narrow page one panel shows at a time: the buttons choose it. */
export function views(): void {
  show('members')
}

function show(view: View): void {
  document.documentElement.dataset['view'] = view
  render(
    html`${VIEWS.map(
      (known) =>
        html`<button
          type="button"
          aria-current=${known.view === view ? 'page' : 'false'}
          @click=${() => show(known.view)}
        >
          ${known.word}
        </button>`,
    )}`,
    byId('views'),
  )
}

/** What single keys do, while nobody types. */
export function keys(others: Readonly<Record<string, () => void>>): void {
  addEventListener('keydown', (event) => {
    const { target, key } = event
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (target instanceof Element && target.closest('input, select, textarea, dialog')) return
    const view = VIEWS.find((known) => known.key === key)
    const act = view
      ? () => {
          show(view.view)
          byId(view.focus).focus()
        }
      : others[key]
    if (!act) return
    event.preventDefault()
    act()
  })
}
