import { Observable } from 'rxjs'
import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import { Deadlines } from '../../../lib/connection/deadlines'
import { Request } from '../../../lib/connection/request'
import { SeqRouter } from '../../../lib/connection/seq-router'
import type { Call } from '../../../lib/protocol/calls'
import { Writer } from '../../../lib/protocol/writer'
import { MarbleClock } from '../time/marble-clock'

/** A frame as the decoder hands it out; `body` is as the reader has made it. */
export interface Routed {
  seq: number
  error?: string
  body?: unknown
}

/** Router, requests and deadlines as a channel puts them together, in virtual time and without a socket. */
export class RoutedCalls {
  readonly router = new SeqRouter()
  readonly released: number[] = []
  readonly clock: MarbleClock
  readonly #deadlines: Deadlines

  constructor(scheduler: TestScheduler) {
    this.clock = new MarbleClock(scheduler)
    this.#deadlines = new Deadlines(this.clock, () => this.router.waiting)
  }

  /** Cold, like `Channel.run`: a request each time, whose bytes leave at once. */
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

  /** Takes the frames to their owners as they come, after whoever is subscribed in the same frame of time. */
  deliver({ hot }: RunHelpers, marbles: string, frames: Record<string, Routed>): void {
    hot(marbles, frames).subscribe(({ seq, error = '', body }) =>
      this.router.ownerOf(seq)?.onFrame(error, body),
    )
  }
}

/** Plays a scene of marbles. */
export function inTime(scene: (calls: RoutedCalls, helpers: RunHelpers) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected))
  scheduler.run((helpers) => scene(new RoutedCalls(scheduler), helpers))
}
