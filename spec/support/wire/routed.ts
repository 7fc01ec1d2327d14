import { Observable } from 'rxjs'
import type { RunHelpers } from 'rxjs/testing'
import { Deadlines } from '../../../lib/connection/deadlines'
import { Request } from '../../../lib/connection/request'
import { SeqRouter } from '../../../lib/connection/seq-router'
import type { Call } from '../../../lib/protocol/call'
import { Writer } from '../../../lib/protocol/writer'
import type { MarbleClock } from '../time/marble-clock'
import { marbles } from '../time/marbles'

/** A frame as the decoder hands it out, with the body that the reader has made. */
export interface Routed {
  seq: number
  error?: string
  body?: unknown
}

/** Router, requests and deadlines connected as in a channel, but in virtual time and without a socket. */
export class RoutedCalls {
  readonly router = new SeqRouter()
  readonly released: number[] = []
  readonly #deadlines: Deadlines

  constructor(readonly clock: MarbleClock) {
    this.#deadlines = new Deadlines(this.clock, () => this.router.waiting)
  }

  /** Cold like `Channel.run`: each subscription is a request, which is written at once. */
  run<T>(call: Call<T>, limit = 10_000): Observable<T> {
    return new Observable((subscriber) => {
      const request = new Request(
        call,
        this.router.nextSeq(),
        limit,
        {
          address: 'agent:7373',
          responder: () => {
            throw new Error('nobody answers here')
          },
          expectHangUp: () => undefined,
          expectEnd: () => undefined,
          startTimeout: (item, allowed) => this.#deadlines.start(item, allowed),
          onRequestEnd: (ended) => {
            this.released.push(ended.seq)
            this.#deadlines.clear(ended)
            this.router.remove(ended)
          },
        },
        subscriber,
      )
      this.router.add(request)
      request.write(new Writer())
      return request
    })
  }

  /**
   * Hands the frames to their requests as they come. What subscribes in the same frame of time does so first.
   */
  deliver({ hot }: RunHelpers, diagram: string, frames: Record<string, Routed>): void {
    hot(diagram, frames).subscribe(({ seq, error = '', body }) =>
      this.router.ownerOf(seq)?.onFrame(error, body),
    )
  }
}

/** Runs a marble spec with a router in virtual time. */
export function inTime(scene: (calls: RoutedCalls, helpers: RunHelpers) => void): void {
  marbles((helpers, clock) => scene(new RoutedCalls(clock), helpers))
}
