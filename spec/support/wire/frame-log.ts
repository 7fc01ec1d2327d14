import type { Call } from '../../../lib/protocol/call'
import { bodyFollows } from '../../../lib/protocol/commands'
import type { Frame, FrameOwner, FrameSink } from '../../../lib/protocol/frame'
import { FrameDecoder } from '../../../lib/protocol/frame-decoder'
import type { Reader } from '../../../lib/protocol/reader'

const MIB = 1024 * 1024

/** Takes the frames of one seq, as a request does, and records them. */
class Owner implements FrameOwner {
  readonly list
  reads = 0
  #answered = false

  constructor(
    private readonly call: Call<unknown>,
    private readonly told: (error: string, body: unknown) => void,
  ) {
    const { list } = call
    this.list = list && {
      open: (reader: Reader) => list.open(reader),
      readCanonicalElement: (reader: Reader) => {
        this.reads++
        return list.readCanonicalElement(reader)
      },
      readElement: (reader: Reader) => {
        this.reads++
        return list.readElement(reader)
      },
    }
  }

  expectsBody(error: string): boolean {
    return this.#answered || bodyFollows(this.call.traits.reply, error)
  }

  read(reader: Reader): unknown {
    this.reads++
    return this.call.read(reader, () => {
      throw new Error('nobody answers here')
    })
  }

  readCanonical(reader: Reader): unknown {
    if (!this.call.readCanonical) return undefined
    const value = this.call.readCanonical(reader)
    this.reads += Array.isArray(value) ? value.length : 1
    return value
  }

  onCanonicalBody(body: unknown): void {
    this.told('', body)
  }

  onFrame(error: string, body: unknown): void {
    if (this.call.traits.reply === 'records' && error === '') this.#answered = true
    this.told(error, body)
  }
}

/** Records what a decoder hands out, in order. */
export class FrameLog implements FrameSink {
  readonly accepted: { seq: number; error: string; body: unknown }[] = []
  readonly tappedFrames: Frame[] = []
  readonly decoder: FrameDecoder
  readonly #owners = new Map<number, Owner>()

  constructor(
    calls: Readonly<Record<number, Call<unknown>>>,
    maxBytes = 32 * MIB,
    readonly observed = false,
  ) {
    this.decoder = new FrameDecoder(maxBytes, this)
    for (const [key, call] of Object.entries(calls)) {
      const seq = Number(key)
      this.#owners.set(seq, new Owner(call, (error, body) => this.accepted.push({ seq, error, body })))
    }
  }

  /** How many bodies, or elements of a list, have been read. */
  get reads(): number {
    return [...this.#owners.values()].reduce((sum, owner) => sum + owner.reads, 0)
  }

  ownerOf(seq: number): FrameOwner | undefined {
    return this.#owners.get(seq)
  }

  emit(frame: Frame): void {
    this.tappedFrames.push(frame)
  }

  /** Pushes each chunk and then overwrites it, since a decoder may not keep a chunk. */
  push(...chunks: readonly Buffer[]): this {
    for (const chunk of chunks) {
      const lent = Buffer.from(chunk)
      this.decoder.push(lent)
      lent.fill(0xc1)
    }
    return this
  }
}
