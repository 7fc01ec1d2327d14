/** What can be in one line-up; the fields are the line-up's business. */
export interface LinkedItem<T> {
  linked: boolean
  before: T | undefined
  after: T | undefined
}

/**
 * Those that are here, the oldest first. They come and go by the ten thousand a second, with which a `Set` would outgrow its
 * table every few of them, so each carries its own links.
 */
export class LinkedSet<T extends LinkedItem<T>> implements Iterable<T> {
  #first: T | undefined
  #last: T | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  add(item: T): void {
    if (item.linked) return
    item.linked = true
    item.before = this.#last
    if (this.#last) this.#last.after = item
    else this.#first = item
    this.#last = item
    this.#size++
  }

  /** Whether it was there. */
  delete(item: T): boolean {
    if (!item.linked) return false
    const { before, after } = item
    if (before) before.after = after
    else this.#first = after
    if (after) after.before = before
    else this.#last = before
    // One that has grown old would keep all the younger ones alive that it leads to.
    item.before = item.after = undefined
    item.linked = false
    this.#size--
    return true
  }

  /** Not while some are added or deleted: spread it first. */
  *[Symbol.iterator](): Generator<T> {
    for (let item = this.#first; item; item = item.after) yield item
  }
}
