/** Frames that are made before anyone asks for them, so that the server is faster than its clients. */
import { headerBytes } from './wire.mjs'

const HEADER_START = headerBytes(0).subarray(0, -1)

export function seqBytes(seq) {
  if (seq < 0x80) return Buffer.from([seq])
  const width = seq < 0x100 ? 1 : seq < 0x10000 ? 2 : 4
  const bytes = Buffer.alloc(1 + width)
  bytes[0] = width === 1 ? 0xcc : width === 2 ? 0xcd : 0xce
  bytes.writeUIntBE(seq, 1, width)
  return bytes
}

export function headed(seq, body) {
  return Buffer.concat([HEADER_START, seqBytes(seq), body])
}

/**
 * Many records, each behind a header. For another seq of the same width, only the numbers are written again.
 */
export class Records {
  #bodies
  #places = []
  #width = 0
  #bytes

  constructor(bodies) {
    this.#bodies = bodies
  }

  /** The bytes belong to this object: send them before the next call. */
  for(seq) {
    const number = seqBytes(seq)
    if (number.length !== this.#width) this.#build(number)
    for (const place of this.#places) number.copy(this.#bytes, place)
    return this.#bytes
  }

  #build(number) {
    this.#width = number.length
    this.#bytes = Buffer.concat(this.#bodies.flatMap((body) => [HEADER_START, number, body]))
    let at = 0
    this.#places = this.#bodies.map((body) => {
      const place = at + HEADER_START.length
      at = place + number.length + body.length
      return place
    })
  }
}
