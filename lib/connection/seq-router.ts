import { Subject } from 'rxjs'
import type { SerfError } from '../errors'
import type { Frame, FrameSink } from '../protocol/frames'
import type { Request } from './request'

/** A power of two: the low bits of a seq are its slot. */
const SLOTS = 4096

/**
 * Gives out sequence numbers and knows who waits for the frames of each. One look-up per frame, however many wait. Numbers are never
 * used again, for an agent may send records of a stream after it has answered `stop`; frames that nobody waits for are passed over.
 *
 * Requests come and go by the ten thousand a second, and most are gone before the numbers have come round: so each has a slot, and
 * only one that finds its slot taken is put into a map. (A `Map` alone with such a turnover outgrows its table every few requests,
 * and the old tables hold on to what was in them until a full garbage collection.)
 */
export class SeqRouter implements FrameSink {
  readonly frames$ = new Subject<Frame>()
  private readonly slots = new Array<Request<unknown> | undefined>(SLOTS).fill(undefined)
  private readonly others = new Map<number, Request<unknown>>()
  private last = 0

  nextSeq(): number {
    return ++this.last
  }

  add(request: Request<unknown>): void {
    const slot = request.seq % SLOTS
    if (this.slots[slot] === undefined) this.slots[slot] = request
    else this.others.set(request.seq, request)
  }

  remove(request: Request<unknown>): void {
    const slot = request.seq % SLOTS
    if (this.slots[slot] === request) this.slots[slot] = undefined
    else this.others.delete(request.seq)
  }

  ownerOf(seq: number): Request<unknown> | undefined {
    const request = this.slots[seq % SLOTS]
    return request?.seq === seq ? request : this.others.get(seq)
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
