/** What a caller hands in, checked at the call: a misuse that can be seen there never reaches an agent. */
import type { Payload } from '../payload'
import { MAX_TIMEOUT } from './limits'

export function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new TypeError(`${what} must be a string`)
  return value
}

export function nonEmpty(value: unknown, what: string): string {
  if (text(value, what) === '') throw new TypeError(`${what} must not be empty`)
  return value as string
}

export function texts(values: unknown, what: string): string[] {
  if (!Array.isArray(values)) throw new TypeError(`${what} must be an array of strings`)
  // Unlike `map`, this sees holes.
  return Array.from(values, (value) => nonEmpty(value, `an entry of ${what}`))
}

export function dictionary(values: unknown, what: string): Record<string, string> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new TypeError(`${what} must be an object of strings`)
  }
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [key, text(value, `${what}.${key}`)]))
}

/** Bytes, as the wire wants them of every payload. */
export function payloadBytes(payload: Payload | undefined): Buffer | null {
  if (payload === undefined) return null
  if (typeof payload === 'string') return Buffer.from(payload)
  if (payload instanceof Uint8Array)
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  throw new TypeError('a payload must be a string or a Uint8Array')
}

/** A whole number between two bounds, both allowed. */
export function integerBetween(value: number, least: number, most: number, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${what} must be an integer from ${least} to ${most}, not ${String(value)}`)
  }
  return value
}

/** Milliseconds that a timer can hold. */
export function milliseconds(value: number, least: number, what: string): number {
  if (typeof value !== 'number' || !(value >= least && value <= MAX_TIMEOUT)) {
    throw new RangeError(`${what} must be from ${least} to ${MAX_TIMEOUT} ms, not ${String(value)}`)
  }
  return value
}

/** An unsigned 64-bit integer. */
export function queryId(id: number | bigint): number | bigint {
  if (typeof id === 'bigint' ? id >= 0n && id < 2n ** 64n : Number.isSafeInteger(id) && id >= 0) {
    return id < 2 ** 32 ? id : BigInt(id)
  }
  throw new RangeError(
    `the id of a query must be an unsigned integer of 64 bits, not ${String(id)}; beyond 2^53 it is a bigint`,
  )
}
