import { isUtf8 } from 'node:buffer'
import type { ShownPayload } from '../../messages'

/** Control characters that do not occur in text: a payload with one is binary. */
const BINARY = /[\0-\x08\x0e-\x1a\x1c-\x1f]/

export function shownPayload(payload: Buffer): ShownPayload {
  const text = isUtf8(payload) ? payload.toString() : undefined
  return text === undefined || BINARY.test(text) ? { hex: payload.toString('hex') } : { text }
}
