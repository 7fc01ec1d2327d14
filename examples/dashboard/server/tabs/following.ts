import type { Observable, Subscription } from 'rxjs'
import { KEPT_LINES, type LogLine } from '../cluster/logs'
import { messageOf } from '../message-of'
import type { LogLevel, LogUpdate } from '../../messages'

/** The log that a page follows. If the page is slow, only the newest lines are kept. */
export class Following {
  #lines: string[] = []
  #error: string | undefined
  #fresh = true
  #changed = true
  readonly #subscription: Subscription

  constructor(
    readonly level: LogLevel,
    line$: Observable<LogLine>,
    changed: () => void,
  ) {
    const take = (line: LogLine) => {
      if ('error' in line) this.#error = line.error
      else {
        this.#lines.push(line.line)
        if (this.#lines.length > KEPT_LINES) this.#lines.shift()
      }
      this.#changed = true
      changed()
    }
    this.#subscription = line$.subscribe({
      next: take,
      error: (error: unknown) => take({ error: messageOf(error) }),
    })
  }

  stop(): void {
    this.#subscription.unsubscribe()
  }

  /** What is new; `undefined` when nothing is. */
  take(): LogUpdate | undefined {
    if (!this.#changed) return undefined
    const update: LogUpdate = {
      level: this.level,
      lines: this.#lines,
      ...(this.#fresh && { fresh: true }),
      ...(this.#error !== undefined && { error: this.#error }),
    }
    this.#lines = []
    this.#error = undefined
    this.#fresh = this.#changed = false
    return update
  }
}
