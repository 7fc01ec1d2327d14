import type { Observable, Subscription } from 'rxjs'
import type { QueryProgress } from 'serfx'
import { messageOf } from '../message-of'
import { shownPayload } from '../cluster/shown-payload'
import type { AskUpdate } from '../../messages'

/** A query of a page: keeps the newest progress, and returns what the page has not seen of it. */
export class Asking {
  #progress: QueryProgress | undefined
  #error: string | undefined
  #changed = false
  #sent = { asked: false, acks: 0, responses: 0 }
  readonly #subscription: Subscription

  constructor(
    private readonly id: number,
    progress$: Observable<QueryProgress>,
    changed: () => void,
  ) {
    const note = () => {
      this.#changed = true
      changed()
    }
    this.#subscription = progress$.subscribe({
      next: (progress) => {
        this.#progress = progress
        note()
      },
      error: (error: unknown) => {
        this.#error = messageOf(error)
        note()
      },
    })
  }

  stop(): void {
    this.#subscription.unsubscribe()
  }

  /** The page has forgotten what it knew. */
  again(): void {
    this.#sent = { asked: false, acks: 0, responses: 0 }
    this.#changed = true
  }

  /** What is new; `undefined` when nothing is. */
  take(): AskUpdate | undefined {
    if (!this.#changed) return undefined
    this.#changed = false
    const { id } = this
    const error = this.#error === undefined ? {} : { error: this.#error }
    if (!this.#progress) return { id, acks: [], responses: [], ...error }
    const { asked, acks, responses, done } = this.#progress
    const update: AskUpdate = {
      id,
      acks: [...acks].slice(this.#sent.acks),
      responses: [...responses.values()]
        .slice(this.#sent.responses)
        .map(({ from, payload }) => ({ from, payload: shownPayload(payload) })),
      ...(!this.#sent.asked && { asked }),
      ...(done && { done }),
      ...error,
    }
    this.#sent = { asked: true, acks: acks.size, responses: responses.size }
    return update
  }
}
