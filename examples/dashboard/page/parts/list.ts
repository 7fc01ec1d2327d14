import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import { html, nothing, render, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import { fromEvent, map, type Observable } from 'rxjs'

/** The place of a row in the list, for the attributes of its element. */
export interface Place {
  id: string
  /** Its position, for its `style`. */
  style: string
  /** From 1 on. */
  position: number
  active: boolean
}

export interface ListOptions<T> {
  key: (item: T) => string | number
  row: (item: T, place: Place) => TemplateResult
  /** The height of a row in pixels, at the present width of the page. */
  rowHeight: () => number
  /** Pixels before the first row, for a heading that stays. */
  heading?: () => number
  headingTemplate?: () => TemplateResult
  /**
   * Whether a row's element goes on as the row of another item: cheaper where most rows are new, but what is
   * animated needs its own.
   */
  reuse?: boolean
  /** What Enter or a click on a row does. */
  open: (item: T) => void
}

/** Rows beyond the edges, so that a scroll shows no gap. */
const OVERSCAN = 6

let lists = 0

/**
 * A list of any length, of which only the rows in sight are elements. The arrow keys move among them, Enter
 * opens one.
 */
export class List<T> {
  readonly #id = `list-${++lists}`
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>
  #items: readonly T[] = []
  #active: string | number | undefined
  #frame = 0

  constructor(
    private readonly element: HTMLElement,
    private readonly options: ListOptions<T>,
  ) {
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.#settings())
    this.#virtualizer._didMount()
    this.#virtualizer._willUpdate()
    this.#listen()
  }

  /** At each scroll: whether it is away from its start. */
  get scrolled$(): Observable<boolean> {
    return fromEvent(this.element, 'scroll').pipe(map(() => this.element.scrollTop > 4))
  }

  show(items: readonly T[]): void {
    this.#items = items
    this.#virtualizer.setOptions(this.#settings())
    this.#virtualizer._willUpdate()
    this.#draw()
  }

  toStart(): void {
    this.element.scrollTop = 0
  }

  /** Applies new row heights after the width has changed. */
  resize(): void {
    this.#virtualizer.measure()
    this.show(this.#items)
  }

  #settings() {
    const { rowHeight, heading } = this.options
    return {
      count: this.#items.length,
      getScrollElement: () => this.element,
      estimateSize: rowHeight,
      paddingStart: heading?.() ?? 0,
      scrollPaddingStart: heading?.() ?? 0,
      overscan: OVERSCAN,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.#schedule(),
    }
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw())
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    const { key, row, headingTemplate, reuse = false } = this.options
    const rows = this.#virtualizer.getVirtualItems().flatMap(({ index, start, size }) => {
      const item = this.#items[index]
      return item === undefined ? [] : [{ item, index, start, size }]
    })
    let activeId: string | undefined
    const height = `height:${this.#virtualizer.getTotalSize()}px`
    render(
      html`${headingTemplate?.() ?? nothing}
        <div class="rows" role="presentation" .style=${height}>
          ${repeat(
            rows,
            ({ item, index }) => (reuse ? index : key(item)),
            ({ item, index, start, size }) => {
              const id = `${this.#id}-${index}`
              const active = key(item) === this.#active
              if (active) activeId = id
              const style = `height:${size}px;transform:translateY(${start}px)`
              return row(item, { id, style, position: index + 1, active })
            },
          )}
        </div>`,
      this.element,
    )
    if (activeId === undefined) this.element.removeAttribute('aria-activedescendant')
    else this.element.setAttribute('aria-activedescendant', activeId)
  }

  #listen(): void {
    const { key, open } = this.options
    this.element.addEventListener('click', ({ target }) => {
      const row = target instanceof Element ? target.closest('.rows > .row') : null
      const item = row && this.#items[Number(row.id.slice(this.#id.length + 1))]
      if (!item) return
      this.#active = key(item)
      this.#schedule()
      open(item)
    })
    this.element.addEventListener('keydown', (event) => {
      if (event.target !== this.element) return
      const at = this.#items.findIndex((item) => key(item) === this.#active)
      const to = nextIndex(event.key, at, this.#items.length)
      const item = this.#items[to ?? at]
      if (item === undefined || (to === undefined && event.key !== 'Enter')) return
      // Otherwise Enter would also press the button that gets the focus when details open.
      event.preventDefault()
      if (to === undefined) open(item)
      else {
        this.#active = key(item)
        this.#virtualizer.scrollToIndex(to)
        this.#schedule()
      }
    })
  }
}

const PAGE = 10

function nextIndex(key: string, at: number, count: number): number | undefined {
  const within = (index: number) => Math.min(count - 1, Math.max(0, index))
  switch (key) {
    case 'ArrowDown':
      return within(at + 1)
    case 'ArrowUp':
      return within(at - 1)
    case 'PageDown':
      return within(at + PAGE)
    case 'PageUp':
      return within(at - PAGE)
    case 'Home':
      return within(0)
    case 'End':
      return within(count - 1)
    default:
      return undefined
  }
}
