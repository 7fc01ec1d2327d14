import type { Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import type { Clock, Timer } from '../connection/clock'
import { ProtocolError } from '../errors'
import { silent } from './connection-errors'
import { LIVENESS_CHECK } from './liveness-check'

/**
 * Finds out that the peer of a connection has gone without a word. After `interval` ms of silence it sends a
 * liveness check, and after as long again without an answer it ends the connection. Its timers never keep the
 * process alive.
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
    const left = this.interval - (this.clock.now() - channel.lastFrameAt)
    this.#timer = this.clock.after(Math.max(left, 1), () => {
      if (this.clock.now() - channel.lastFrameAt < this.interval) this.#waitForSilence(channel)
      else this.#sendCheck(channel)
    })
  }

  #sendCheck(channel: Channel): void {
    const before = channel.lastFrameAt
    // Any frame is a sign of life, even an error or a record of a stream. A reply that cannot be read is
    // none.
    this.#check = channel.run(LIVENESS_CHECK, 0).subscribe({
      error: (error: unknown) => {
        if (error instanceof ProtocolError) channel.destroy(error)
      },
    })
    this.#timer = this.clock.after(this.interval, () =>
      // This process may have been too busy to read the answer.
      this.clock.afterRead(() => {
        if (channel.closed) return
        if (channel.lastFrameAt === before) channel.destroy(silent(channel.address, this.interval))
        else this.start(channel)
      }),
    )
  }
}
