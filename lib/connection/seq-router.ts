import { Subject } from 'rxjs'
import type { SerfError } from '../errors'
import type { Frame, FrameSink } from '../protocol/frame'
import type { Request } from './request'

/** Powers of two: the low bits of a seq are its slot. */
const FIRST_SLOTS = 64
const MOST_SLOTS = 16_384

/**
 * Assigns sequence numbers and finds the request that waits for the frames of each. There is one look-up per
 * frame, however many requests wait. A number is never used again, because an agent may send records of a
 * stream after it has answered `stop`. Frames without a request are ignored.
 *
 * Each request has a slot, and most requests end before the numbers reach their slot again. When a slot is
 * taken, the number of slots grows up to a limit. Beyond that a map holds the rest. (With ten thousand
 * requests a second, a `Map` alone would replace its table every few requests, and the old tables keep their
 * contents alive until a full garbage collection.)
 */
export class SeqRouter implements FrameSink {
  readonly frames$ = new Subject<Frame>()
  private slots = slotsFor(FIRST_SLOTS)
  private readonly others = new Map<number, Request<unknown>>()
  private last = 0

  nextSeq(): number {
    return ++this.last
  }

  add(request: Request<unknown>): void {
    if (this.put(request)) return
    if (this.slots.length < MOST_SLOTS) this.grow()
    if (!this.put(request)) this.others.set(request.seq, request)
  }

  remove(request: Request<unknown>): void {
    const slot = request.seq % this.slots.length
    if (this.slots[slot] === request) this.slots[slot] = undefined
    else this.others.delete(request.seq)
  }

  ownerOf(seq: number): Request<unknown> | undefined {
    const request = this.slots[seq % this.slots.length]
    return request?.seq === seq ? request : this.others.get(seq)
  }

  private put(request: Request<unknown>): boolean {
    const slot = request.seq % this.slots.length
    if (this.slots[slot] !== undefined) return false
    this.slots[slot] = request
    return true
  }

  /** Doubles the slots. Requests of different slots stay in different slots. */
  private grow(): void {
    const before = this.slots
    this.slots = slotsFor(2 * before.length)
    for (const request of before) if (request) this.put(request)
  }

  get observed(): boolean {
    return this.frames$.observed
  }

  emit(frame: Frame): void {
    this.frames$.next(frame)
  }

  /** All requests that wait, in no particular order. */
  get waiting(): Request<unknown>[] {
    return [...this.slots.filter((request) => request !== undefined), ...this.others.values()]
  }

  /** All requests that wait, the oldest first. */
  get requests(): Request<unknown>[] {
    return this.waiting.sort((a, b) => a.seq - b.seq)
  }

  /**
   * The request that the agent is working on: the first that is sent and not answered, since an agent takes
   * them in order.
   */
  get current(): Request<unknown> | undefined {
    return this.requests.find((request) => request.sent && !request.answered)
  }

  /** Ends every request, with the given error or, if there is none, by completing it. Completes `frames$`. */
  end(errorFor: (request: Request<unknown>) => SerfError | undefined): void {
    // All errors are made before the first is emitted, because a subscriber may subscribe again in its error
    // callback.
    const ends = this.requests.map((request) => ({ request, error: errorFor(request) }))
    for (const { request, error } of ends) {
      if (error) request.fail(error)
      else request.complete()
    }
    this.frames$.complete()
  }
}

function slotsFor(count: number): (Request<unknown> | undefined)[] {
  return new Array<Request<unknown> | undefined>(count).fill(undefined)
}
