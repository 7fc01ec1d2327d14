/** An item of a linked set. Only the set writes these fields. */
export interface LinkedItem<T> {
  linked: boolean
  before: T | undefined
  after: T | undefined
}

/**
 * An intrusive linked list with the interface of a set, in order of insertion. An item can be in only one
 * such set. Tens of thousands of items come and go in a second, at which rate a `Set` rebuilds its hash table
 * again and again.
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

  /** Returns whether the item was in the set. */
  delete(item: T): boolean {
    if (!item.linked) return false
    const { before, after } = item
    if (before) before.after = after
    else this.#first = after
    if (after) after.before = before
    else this.#last = before
    // A deleted item must not keep the items after it from being collected.
    item.before = item.after = undefined
    item.linked = false
    this.#size--
    return true
  }

  /** Copy the set first if items are added or deleted during the iteration. */
  *[Symbol.iterator](): Generator<T> {
    for (let item = this.#first; item; item = item.after) yield item
  }
}
