import { Subject } from 'rxjs'
import type { SerfError } from '../errors'
import type { Frame, FrameSink } from '../protocol/frames'
import type { Request } from './request'

/** Powers of two: the low bits of a seq are its slot. */
const FIRST_SLOTS = 64
const MOST_SLOTS = 16_384

/**
 * Gives out sequence numbers and knows who waits for the frames of each. There is one look-up for each frame, however many requests
 * wait. A number is never used again, because an agent may send records of a stream after it has answered `stop`. Frames that nobody
 * waits for are ignored.
 *
 * Requests come and go by the ten thousand a second, and most end before the numbers come round to their slot again. Each request has a
 * slot. When the slot is taken, there are more slots up to a limit, and then a map for the rest. (A `Map` alone outgrows its table
 * every few requests with such a turnover, and the old tables hold on to what was in them until a full garbage collection.)
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

  /** All that wait. */
  get waiting(): Request<unknown>[] {
    return [...this.slots.filter((request) => request !== undefined), ...this.others.values()]
  }

  /** The oldest first. */
  get requests(): Request<unknown>[] {
    return this.waiting.sort((a, b) => a.seq - b.seq)
  }

  /** What the agent is at: it takes one request after another, so it is the first that has gone out and is not answered. */
  get current(): Request<unknown> | undefined {
    return this.requests.find((request) => request.sent && !request.answered)
  }

  /** Ends every request, with its own error or, where there is none, without; and the view of the frames. */
  end(errorFor: (request: Request<unknown>) => SerfError | undefined): void {
    // All errors are made before the first is emitted: a subscriber that gets one may subscribe again.
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
