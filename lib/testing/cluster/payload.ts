import type { Payload } from '../../payload'

/** What a spec hands in, as bytes of our own. */
export function payloadBytes(payload: Payload | undefined): Buffer {
  if (payload === undefined) return Buffer.alloc(0)
  // A string is encoded, bytes are copied: whoever gave them may change them.
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload)
}
