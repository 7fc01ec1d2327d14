import type { Payload } from '../../payload'

/** What a test hands in, as bytes of our own. */
export function payloadBytes(payload: Payload | undefined): Buffer {
  if (payload === undefined) return Buffer.alloc(0)
  // Bytes are copied: the caller may change them later.
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload)
}

/** A payload as the log shows it. */
export function quotedPayload(payload: Buffer | null): string {
  return JSON.stringify(payload?.toString() ?? '')
}
