import type { Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { silent } from './connection-errors'
import { LIVENESS_CHECK } from './liveness-check'

/** Between two timers of different turns whatever has arrived meanwhile is read. */
const NEXT_TURN = 1

/**
 * Finds a connection whose peer is gone without a word: after `interval` ms of silence it asks something, and after as
 * much silence again the connection is given up. Its timers never hold the process.
 */
export class Heartbeat {
  #timer: Timer | undefined
  #probe: Subscription | undefined

  constructor(
    private readonly interval: number,
    private readonly clock: Clock,
  ) {}

  start(channel: Channel): void {
    this.stop()
    if (this.interval > 0) this.#listen(channel)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#probe?.unsubscribe()
    this.#timer = this.#probe = undefined
  }

  #listen(channel: Channel): void {
    const left = this.interval - (this.clock.now() - channel.heardAt)
    this.#timer = this.clock.after(Math.max(left, NEXT_TURN), () => {
      if (this.clock.now() - channel.heardAt < this.interval) this.#listen(channel)
      else this.#ask(channel)
    })
  }

  #ask(channel: Channel): void {
    const before = channel.heardAt
    // An answer of any kind is a sign of life, which `heardAt` tells; without one the verdict comes below.
    this.#probe = channel.run(LIVENESS_CHECK, 0).subscribe({ error: () => undefined })
    const verdict = (then: () => void) => () => {
      if (channel.heardAt === before) then()
      else this.start(channel)
    }
    this.#timer = this.clock.after(
      this.interval,
      verdict(() => {
        // This process may have slept itself, with the answer waiting to be read: one more turn, then it is over.
        this.#timer = this.clock.after(
          NEXT_TURN,
          verdict(() => channel.destroy(silent(channel.address, this.interval))),
        )
      }),
    )
  }
}
