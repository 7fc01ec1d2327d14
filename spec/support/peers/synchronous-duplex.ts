import { Duplex } from 'node:stream'

/** A socket that answers within `write`, as a test double of a user may. */
export class SynchronousDuplex extends Duplex {
  /** What was written, a piece for each write. */
  readonly writes: Buffer[] = []

  constructor(
    private readonly answer: (written: Buffer, socket: SynchronousDuplex) => void = () => undefined,
  ) {
    super()
  }

  /** Hands bytes over at once, to whoever listens. */
  deliver(bytes: Buffer): void {
    this.emit('data', bytes)
  }

  override _read(): void {
    // `deliver` does it.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk)
    this.answer(chunk, this)
    done()
  }
}
