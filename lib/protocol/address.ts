/**
 * The IP address in bytes `start` to `end` as people write it; IPv4 mapped into IPv6 is IPv4. `undefined` if it is no address.
 * Go sends 4 or 16 bytes, and none where there is no address.
 */
export function addressText(bytes: Buffer, start: number, end: number): string | undefined {
  const size = end - start
  if (size === 4) return ipv4(bytes, start)
  if (size === 0) return ''
  if (size !== 16) return undefined
  return isMapped(bytes, start) ? ipv4(bytes, start + 12) : ipv6(bytes, start)
}

const SLOT_BITS = 12
/** Odd, and near to 2^32 divided by the golden ratio, so that neighbours are spread. */
const MULTIPLIER = 0x9e3779b1
/** IPv4 addresses that have been read, by their four bytes: nodes come again and again. A collision replaces. */
const known = new Int32Array(2 ** SLOT_BITS)
const texts: string[] = new Array<string>(2 ** SLOT_BITS).fill('0.0.0.0')

function ipv4(bytes: Buffer, start: number): string {
  const address = bytes.readInt32BE(start)
  const slot = Math.imul(address, MULTIPLIER) >>> (32 - SLOT_BITS)
  if (known[slot] === address) return texts[slot] as string
  const text = `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`
  known[slot] = address
  texts[slot] = text
  return text
}

function isMapped(bytes: Buffer, start: number): boolean {
  for (let index = 0; index < 12; index++) if (bytes[start + index] !== (index < 10 ? 0 : 0xff)) return false
  return true
}

function ipv6(bytes: Buffer, start: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(start + 2 * index).toString(16))
  // A URL writes an address in its shortest form (RFC 5952) and stands in brackets.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
