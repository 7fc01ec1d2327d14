/** Checks of payloads and query ids. */
import { shown } from '../arguments'
import type { Payload } from '../payload'

/** A copy of the bytes of a payload, because they may be sent later and more than once. */
export function payloadBytes(payload: Payload | undefined): Buffer | null {
  if (payload === undefined) return null
  if (typeof payload === 'string') return Buffer.from(payload)
  if (payload instanceof Uint8Array) return Buffer.from(payload)
  throw new TypeError('a payload must be a string or a Uint8Array')
}

/** An unsigned 64-bit integer. */
export function queryId(id: number | bigint): number | bigint {
  if (typeof id === 'bigint' ? id >= 0n && id < 2n ** 64n : Number.isSafeInteger(id) && id >= 0) {
    return id < 2 ** 32 ? id : BigInt(id)
  }
  const Kind = typeof id === 'number' || typeof id === 'bigint' ? RangeError : TypeError
  throw new Kind(
    `the id of a query must be an unsigned integer of 64 bits, not ${shown(id)}; beyond 2^53 it is a bigint`,
  )
}
