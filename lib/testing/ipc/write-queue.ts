import type { Socket } from 'node:net'
import { afterThisTick } from '../../after-this-tick'
import { shown } from '../../arguments'
import { afterRealTime, nextTurn } from '../real-time'

/** How a connection ends: with a FIN after everything that is to be sent, or with a RST at once. */
export type Ending = 'fin' | 'rst'

/** Refuses an ending that does not exist. */
export function checkedEnding(how: Ending): Ending {
  const known: readonly string[] = ['fin', 'rst']
  if (!known.includes(how)) throw new TypeError(`a connection ends with "fin" or "rst", not ${shown(how)}`)
  return how
}

/** Writes are gathered up to this size, because a write costs more than its bytes. */
const GATHERED_BYTES = 64 * 1024
/** Streams wait while a slow reader has more than this to read, beyond what the kernel has taken. */
const WAITING_BYTES = 1024 * 1024
/** How long the other side has to read the last bytes before a reset, in ms. */
const READING_TIME = 20

/**
 * Writes to one connection: gathers what is sent in one turn, cuts it into pieces on demand, and notices a
 * slow reader.
 */
export class WriteQueue {
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #scheduled = false
  /** Bytes that are still to be sent piece by piece. */
  #uncut: Buffer = Buffer.alloc(0)
  #cutting = false
  #pieceBytes: number | undefined
  #ending: Ending | undefined
  #drained: (() => void)[] = []

  constructor(
    private readonly socket: Socket,
    /** Called when the reader has room again. */
    private readonly caughtUp: () => void,
  ) {}

  /** Whether a stream may send more. */
  get writable(): boolean {
    const waiting = this.#gatheredBytes + this.#uncut.length + this.socket.writableLength
    return !this.over && waiting < WAITING_BYTES
  }

  get over(): boolean {
    return this.#ending !== undefined || this.socket.destroyed
  }

  /** Cuts what is sent from now on into pieces of so many bytes; `undefined` stops that. */
  split(pieceBytes: number | undefined): void {
    this.#flush()
    this.#pieceBytes = pieceBytes
  }

  write(bytes: Buffer): void {
    if (this.over) return
    this.#gathered.push(bytes)
    this.#gatheredBytes += bytes.length
    if (this.#gatheredBytes >= GATHERED_BYTES) this.#flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      afterThisTick(() => {
        this.#scheduled = false
        this.#flush()
      })
    }
  }

  /** Ends the connection after what was written so far. */
  end(how: Ending): void {
    if (this.over) return
    this.#flush()
    this.#ending = how
    if (!this.#cutting) this.#finish()
  }

  /** Resets the connection at once: what the kernel has not taken is lost. */
  reset(): void {
    this.#flush()
    this.#ending = 'rst'
    // After a FIN the system refuses a reset, and Node then never reports the socket as closed.
    if (this.socket.writableEnded) this.socket.destroy()
    else this.socket.resetAndDestroy()
    this.#settle()
  }

  /** Closes the connection at once: what the kernel has not taken is lost. */
  destroy(): void {
    this.#flush()
    this.#ending ??= 'fin'
    this.socket.destroy()
    this.#settle()
  }

  /** Resolves when the kernel has taken everything. */
  drained(): Promise<void> {
    this.#flush()
    if (this.#isDrained()) return Promise.resolve()
    return new Promise((resolve) => this.#drained.push(resolve))
  }

  #isDrained(): boolean {
    return this.socket.destroyed || (!this.#cutting && this.socket.writableLength === 0)
  }

  #flush(): void {
    if (this.#gatheredBytes === 0 || this.over) return
    const gathered = this.#gathered
    const bytes = gathered.length === 1 ? gathered[0] : Buffer.concat(gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    if (bytes === undefined) return
    if (this.#pieceBytes === undefined && !this.#cutting) {
      // Not 'drain': Node emits that only after more than its high-water mark has waited.
      this.socket.write(bytes, () => this.#settle())
      return
    }
    this.#uncut = this.#uncut.length === 0 ? bytes : Buffer.concat([this.#uncut, bytes])
    if (this.#cutting) return
    this.#cutting = true
    this.#cut()
  }

  /** One piece a turn, so that each arrives on its own. */
  #cut(): void {
    if (this.#uncut.length > 0 && !this.socket.destroyed) {
      const size = this.#pieceBytes ?? this.#uncut.length
      const piece = this.#uncut.subarray(0, size)
      this.#uncut = this.#uncut.subarray(size)
      this.socket.write(piece, () => nextTurn(() => this.#cut()))
      return
    }
    this.#cutting = false
    if (this.#ending !== undefined) this.#finish()
    this.#settle()
  }

  #finish(): void {
    if (this.#ending === 'fin') {
      this.socket.destroySoon()
      return
    }
    // The other side must read what was written before the reset arrives: Node reports a reset that comes
    // with bytes as an end of data.
    const reset = () => nextTurn(() => this.reset())
    this.socket.write('', () => afterRealTime(reset, READING_TIME))
  }

  #settle(): void {
    if (this.#isDrained()) for (const resolve of this.#drained.splice(0)) resolve()
    if (this.writable) this.caughtUp()
  }
}
