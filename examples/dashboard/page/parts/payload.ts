import type { ShownPayload } from '../../messages'
import { visible } from './visible'

/** A payload in one line. */
export function payloadLine(payload: ShownPayload): string {
  return 'text' in payload ? visible(payload.text.replaceAll('\n', '⏎')) : hexBytes(payload.hex)
}

/** A payload as it is, with its line breaks. */
export function payloadText(payload: ShownPayload): string {
  return 'text' in payload ? payload.text.split('\n').map(visible).join('\n') : hexBytes(payload.hex)
}

const hexBytes = (hex: string): string => `0x ${(hex.match(/../g) ?? []).join(' ')}`
