import { Subject } from 'rxjs'
import type { SerfError } from '../errors'
import type { Frame, FrameSink } from '../protocol/frames'
import type { Request } from './request'

/**
 * Gives out sequence numbers and knows who waits for the frames of each. One look-up per frame, however many wait. Numbers are never used
 * again, for an agent may send records of a stream after it has answered `stop`; frames that nobody waits for are passed over.
 */
export class SeqRouter implements FrameSink {
  readonly frames$ = new Subject<Frame>()
  readonly #requests = new Map<number, Request<unknown>>()
  #last = 0

  nextSeq(): number {
    return ++this.#last
  }

  add(request: Request<unknown>): void {
    this.#requests.set(request.seq, request)
  }

  remove(request: Request<unknown>): void {
    this.#requests.delete(request.seq)
  }

  ownerOf(seq: number): Request<unknown> | undefined {
    return this.#requests.get(seq)
  }

  get tapped(): boolean {
    return this.frames$.observed
  }

  tap(frame: Frame): void {
    this.frames$.next(frame)
  }

  /** What the agent is at: it takes one request after another, so it is the first that has gone out and is not answered. */
  get current(): Request<unknown> | undefined {
    for (const request of this.#requests.values()) if (request.sent && !request.answered) return request
    return undefined
  }

  /** Ends every request, each with an error of its own, and the view of the frames. */
  end(errorFor: (request: Request<unknown>) => SerfError): void {
    const requests = [...this.#requests.values()]
    const errors = requests.map(errorFor)
    this.#requests.clear()
    requests.forEach((request, index) => {
      const error = errors[index]
      if (error) request.fail(error)
    })
    this.frames$.complete()
  }
}
