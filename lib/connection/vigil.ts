/** Turns of the event loop that has nothing else to do, each about a microsecond: as long as an agent on the same machine takes. */
const TURNS = 128
/** So many requests at most go without one after it was in vain. */
const MOST_SKIPPED = 64

/**
 * Stays awake while one reply is due. To fall asleep and be woken takes a process many times as long as an agent on the same machine takes
 * to answer, so for a moment the event loop goes on turning instead of waiting for the system. Where replies take longer, it
 * soon stops trying: after one that was in vain the next request goes without, after a second one the next three, and so on.
 */
export class Vigil {
  private left = 0
  private turning = false
  private penalty = 0
  private skip = 0

  /** A request has gone out, and nothing else is under way. */
  begin(): void {
    if (this.skip > 0) {
      this.skip--
      return
    }
    this.left = TURNS
    if (this.turning) return
    this.turning = true
    setImmediate(this.turn)
  }

  /** Something has come. */
  end(): void {
    if (this.left === 0) return
    this.left = 0
    this.penalty = 0
  }

  private readonly turn = (): void => {
    if (this.left > 0) {
      if (--this.left > 0) {
        setImmediate(this.turn)
        return
      }
      this.skip = this.penalty = Math.min(2 * this.penalty + 1, MOST_SKIPPED)
    }
    this.turning = false
  }
}
