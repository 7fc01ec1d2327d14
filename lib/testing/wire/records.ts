/**
 * The records that follow the reply to `stream`, `query` and `monitor`. Source: captured in
 * spec/fixtures/wire.
 */
import type { MemberEventType } from '../../events/event'
import type { Uint64 } from './requests'
import { Writer } from './writer'

const writer = new Writer()

export function userRecord(event: {
  name: string
  payload: Buffer | null
  ltime: number
  coalesce: boolean
}): Buffer {
  writer.map(5).string('Coalesce').bool(event.coalesce)
  writer.string('Event').string('user')
  writer.string('LTime').uint(event.ltime)
  writer.string('Name').string(event.name)
  return writer.string('Payload').payload(event.payload).finish()
}

export function queryEventRecord(
  query: { name: string; payload: Buffer | null; ltime: number },
  id: Uint64,
): Buffer {
  writer.map(5).string('Event').string('query')
  writer.string('ID').uint(id)
  writer.string('LTime').uint(query.ltime)
  writer.string('Name').string(query.name)
  return writer.string('Payload').payload(query.payload).finish()
}

/** `members` as `member` in replies.ts encodes them. */
export function memberRecord(type: MemberEventType, members: readonly Buffer[]): Buffer {
  writer.map(2).string('Event').string(type).string('Members').array(members.length)
  for (const bytes of members) writer.raw(bytes)
  return writer.finish()
}

export function queryRecord(
  type: 'ack' | 'response' | 'done',
  from: string,
  payload: Uint8Array | null,
): Buffer {
  writer.map(3).string('From').string(from)
  writer.string('Payload').payload(payload)
  return writer.string('Type').string(type).finish()
}

export function logRecord(line: string): Buffer {
  return writer.map(1).string('Log').string(line).finish()
}
