import { shown } from '../../arguments'
import type { Payload } from '../../payload'

/** The payload that a test has given, as a copy. */
export function payloadBytes(payload: Payload | undefined): Buffer {
  if (payload === undefined) return Buffer.alloc(0)
  if (typeof payload !== 'string' && !(payload instanceof Uint8Array)) {
    throw new TypeError(`a payload must be a string or a Uint8Array, not ${shown(payload)}`)
  }
  // The caller may change its bytes later.
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload)
}

/** A payload as the log shows it. */
export function quotedPayload(payload: Buffer | null): string {
  return JSON.stringify(payload?.toString() ?? '')
}
