const MAPPED = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])

/** An IP address as people write it, of the 4 or 16 bytes that Go sends; IPv4 mapped into IPv6 is IPv4. */
export function addressText(bytes: Buffer): string | undefined {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length === 0) return ''
  if (bytes.length !== 16) return undefined
  if (bytes.subarray(0, 12).equals(MAPPED)) return bytes.subarray(12).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  // A URL writes an address in its shortest form (RFC 5952) and stands in brackets.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
