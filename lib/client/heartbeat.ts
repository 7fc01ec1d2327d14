import type { Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { silent } from './connection-errors'
import { LIVENESS_CHECK } from './liveness-check'

/** A timer of another turn, so that what has arrived meanwhile is read before it fires; in ms. */
const NEXT_TURN = 1

/**
 * Finds a connection whose peer has gone silently. After `interval` ms of silence it sends a liveness check, and after as long again
 * without an answer it ends the connection. Its timers never keep the process alive.
 */
export class Heartbeat {
  #timer: Timer | undefined
  #check: Subscription | undefined

  constructor(
    private readonly interval: number,
    private readonly clock: Clock,
  ) {}

  start(channel: Channel): void {
    this.stop()
    if (this.interval > 0) this.#waitForSilence(channel)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#check?.unsubscribe()
    this.#timer = this.#check = undefined
  }

  #waitForSilence(channel: Channel): void {
    const left = this.interval - (this.clock.now() - channel.heardAt)
    this.#timer = this.clock.after(Math.max(left, NEXT_TURN), () => {
      if (this.clock.now() - channel.heardAt < this.interval) this.#waitForSilence(channel)
      else this.#sendCheck(channel)
    })
  }

  #sendCheck(channel: Channel): void {
    const before = channel.heardAt
    // Any answer is a sign of life and moves `heardAt`.
    this.#check = channel.run(LIVENESS_CHECK, 0).subscribe({ error: () => undefined })
    const ifSilent = (then: () => void) => () => {
      if (channel.heardAt === before) then()
      else this.start(channel)
    }
    this.#timer = this.clock.after(
      this.interval,
      ifSilent(() => {
        // This process may have been busy, with the answer still in the socket: one more turn lets it be read.
        this.#timer = this.clock.after(
          NEXT_TURN,
          ifSilent(() => channel.destroy(silent(channel.address, this.interval))),
        )
      }),
    )
  }
}
