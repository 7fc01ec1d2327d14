/**
 * The sizes of Serf's gossip messages. The size limits apply to the encoded message, which no client sees.
 * The messages are MessagePack without its newer formats: the length of a string takes two bytes from 32
 * bytes on.
 * Source: serf 0.9.4, serf/messages.go; the room left for payloads was measured on the same.
 */
const TYPE = 1
/** A query's id is random, and so nearly always of four bytes. */
const ID = 5
const IPV4 = 5
const IPV6_FORM = 17
const PORT = 3
/** Each of these maps has few enough fields for a head of one byte. */
const MAP = 1

const text = (value: string) => raw(Buffer.byteLength(value))
const raw = (length: number) => (length < 32 ? 1 : length < 0x10000 ? 3 : 5) + length
const array = (length: number) => (length < 16 ? 1 : length < 0x10000 ? 3 : 5)

function integer(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x100) return 2
  if (value < 0x10000) return 3
  return value < 0x100000000 ? 5 : 9
}

const names = (...fields: string[]) => MAP + fields.reduce((sum, name) => sum + text(name), 0)
const EVENT = TYPE + names('LTime', 'Name', 'Payload', 'CC') + 1
const QUERY =
  TYPE +
  names('LTime', 'ID', 'Addr', 'Port', 'SourceNode', 'Filters', 'Flags', 'RelayFactor', 'Timeout') +
  (names('Name', 'Payload') - MAP)
const RESPONSE = TYPE + names('LTime', 'ID', 'From', 'Flags', 'Payload') + ID + 1
const RELAY = TYPE + names('DestAddr', 'DestName') + names('IP', 'Port', 'Zone') + IPV6_FORM + PORT + 1

export function eventSize(event: { ltime: number; name: string; payload: Buffer | null }): number {
  return EVENT + integer(event.ltime) + text(event.name) + raw(event.payload?.length ?? 0)
}

export function querySize(query: {
  ltime: number
  node: string
  filterNodes: readonly string[]
  filterTags: Readonly<Record<string, string>>
  relayFactor: number
  /** Nanoseconds. */
  timeout: number
  name: string
  payload: Buffer | null
}): number {
  const nodes = query.filterNodes.reduce((sum, name) => sum + text(name), array(query.filterNodes.length))
  const tags = Object.entries(query.filterTags).map(
    ([tag, pattern]) => TYPE + names('Tag', 'Expr') + text(tag) + text(pattern),
  )
  const filters = [...(query.filterNodes.length > 0 ? [TYPE + nodes] : []), ...tags]
  return (
    QUERY +
    integer(query.ltime) +
    (ID + IPV4 + PORT + 1) +
    text(query.node) +
    filters.reduce((sum, size) => sum + raw(size), array(filters.length)) +
    integer(query.relayFactor) +
    integer(query.timeout) +
    text(query.name) +
    raw(query.payload?.length ?? 0)
  )
}

export function responseSize(response: { ltime: number; from: string; payload: Uint8Array }): number {
  return RESPONSE + integer(response.ltime) + text(response.from) + raw(response.payload.length)
}

export function relayedSize(size: number, node: string): number {
  return RELAY + text(node) + size
}

/** A type byte and a map. */
export function tagsSize(tags: Readonly<Record<string, string>>): number {
  const entries = Object.entries(tags)
  return entries.reduce((sum, [key, value]) => sum + text(key) + text(value), TYPE + array(entries.length))
}
