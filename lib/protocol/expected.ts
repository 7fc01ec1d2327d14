/** Bytes that a reader expects, prepared so that they can be compared four at a time. */
export class Expected {
  readonly size: number
  /** The bytes up to the last word. The words may overlap with that one. */
  readonly words: readonly number[]
  /** The last four bytes. */
  readonly last: number
  /** Which bits of the last word count: with fewer than four bytes, not all of them do. */
  readonly mask: number

  /** Numbers are single bytes. Strings are encoded as MessagePack encodes short ones. */
  static of(...parts: (number | string)[]): Expected {
    return new Expected(
      Buffer.concat(
        parts.map((part) =>
          typeof part === 'number'
            ? Buffer.from([part])
            : Buffer.from([0xa0 | part.length, ...Buffer.from(part)]),
        ),
      ),
    )
  }

  private constructor(bytes: Buffer) {
    this.size = bytes.length
    const words: number[] = []
    for (let at = 0; at + 4 < bytes.length; at += 4) words.push(bytes.readInt32BE(at))
    this.words = words
    this.mask = bytes.length < 4 ? ~(-1 << (8 * bytes.length)) : -1
    this.last = Buffer.concat([Buffer.alloc(4), bytes]).readInt32BE(bytes.length) & this.mask
  }
}
