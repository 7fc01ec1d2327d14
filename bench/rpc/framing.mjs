/**
 * Finds where MessagePack objects end in a stream, for decoders that want whole objects. It looks at each
 * byte once, however the stream is cut. It knows what agents and clients send, and does not protect against
 * hostile bytes.
 */
export class Framing {
  #kept = Buffer.alloc(0)
  #size = 0
  /** How far it has looked, and how many values are still to come of the object there. */
  #at = 0
  #open = 0

  /** Returns the bytes of all objects that are complete now. They belong to the caller. */
  push(chunk) {
    const bytes = this.#joined(chunk)
    let whole = 0
    while (this.#at < bytes.length) {
      const next = this.#step(bytes)
      if (next < 0) break
      this.#at = next
      if (this.#open === 0) whole = next
    }
    this.#at -= whole
    if (whole === 0) this.#keep(bytes)
    else {
      const rest = bytes.subarray(whole)
      this.#kept = Buffer.alloc(0)
      this.#size = 0
      if (rest.length > 0) this.#keep(rest)
    }
    return bytes.subarray(0, whole)
  }

  #joined(chunk) {
    if (this.#size === 0) return chunk
    this.#append(chunk)
    return this.#kept.subarray(0, this.#size)
  }

  #keep(bytes) {
    if (this.#size === 0) this.#append(bytes)
  }

  #append(bytes) {
    const size = this.#size + bytes.length
    if (size > this.#kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(4096, 2 * size))
      this.#kept.copy(grown, 0, 0, this.#size)
      this.#kept = grown
    }
    bytes.copy(this.#kept, this.#size)
    this.#size = size
  }

  /** Takes one value, or the head of one that holds others; -1 when it is cut short. */
  #step(bytes) {
    const at = this.#at
    const type = bytes[at]
    let next = at + 1
    let inside = 0
    if (type < 0x80 || type >= 0xe0) inside = 0
    else if (type < 0x90) inside = 2 * (type & 0x0f)
    else if (type < 0xa0) inside = type & 0x0f
    else if (type < 0xc0) next += type & 0x1f
    else {
      const form = FORMS[type - 0xc0]
      if (form === undefined) throw new Error(`no agent sends 0x${type.toString(16)}`)
      next += form.width
      if (next > bytes.length) return -1
      if (form.sized) {
        const size = bytes.readUIntBE(at + 1, form.width)
        if (form.each === 0) next += size
        else inside = form.each * size
      }
    }
    if (next > bytes.length) return -1
    this.#open += inside - (this.#open > 0 ? 1 : 0)
    return next
  }
}

/**
 * The types of 0xc0 to 0xdf: how many bytes follow, whether they are a size, and of how many values for each.
 */
const FORMS = []
function define(first, widths, sized, each = 0) {
  widths.forEach((width, index) => (FORMS[first - 0xc0 + index] = { width, sized, each }))
}
define(0xc0, [0], false)
define(0xc2, [0, 0], false)
define(0xc4, [1, 2, 4], true)
define(0xca, [4, 8], false)
define(0xcc, [1, 2, 4, 8], false)
define(0xd0, [1, 2, 4, 8], false)
define(0xd9, [1, 2, 4], true)
define(0xdc, [2, 4], true, 1)
define(0xde, [2, 4], true, 2)
