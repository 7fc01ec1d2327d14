import { isIPv4, isIPv6 } from 'node:net'

/** An IP address as Go sends it: 4 or 16 bytes; `undefined` for what is none. `''` has no bytes. */
export function addressBytes(text: string): Buffer | undefined {
  if (text === '') return Buffer.alloc(0)
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number))
  if (!isIPv6(text) || text.includes('%')) return undefined
  // A URL writes an embedded IPv4 address in groups, as all the rest.
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::')
  const left = groups(head)
  const right = groups(tail ?? '')
  const zeros = new Array<number>(tail === undefined ? 0 : 8 - left.length - right.length).fill(0)
  const bytes = Buffer.alloc(16)
  ;[...left, ...zeros, ...right].forEach((group, index) => bytes.writeUInt16BE(group, 2 * index))
  return bytes
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
