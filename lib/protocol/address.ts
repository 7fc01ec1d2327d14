/**
 * The text of the IP address in bytes `start` to `end`. An IPv4 address mapped into IPv6 is written as IPv4.
 * Go sends 4 or 16 bytes, or no bytes for no address, which gives `''`. Any other length gives `undefined`.
 */
export function addressText(bytes: Buffer, start: number, end: number): string | undefined {
  const size = end - start
  if (size === 4) return ipv4(bytes, start)
  if (size === 0) return ''
  if (size !== 16) return undefined
  return isMapped(bytes, start) ? ipv4(bytes, start + 12) : ipv6(bytes, start)
}

function ipv4(bytes: Buffer, start: number): string {
  return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`
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
