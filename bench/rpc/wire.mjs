/** The records that an agent sends. The fields of a struct are in alphabetical order, as in Go. */
import { Packr } from 'msgpackr'

const packr = new Packr({ useRecords: false, variableMapSize: true })

/** The name of the user event that ends a stream here. */
export const LAST_EVENT = 'last'

export function pack(value) {
  return Buffer.from(packr.pack(value))
}

export function headerBytes(seq) {
  return pack({ Error: '', Seq: seq })
}

export function userEvent(index, payloadSize) {
  return {
    Coalesce: false,
    Event: 'user',
    LTime: 5000 + index,
    Name: `release-${index % 500}`,
    Payload: payload(index, payloadSize),
  }
}

export function lastEvent(count) {
  return { Coalesce: false, Event: 'user', LTime: 5000 + count, Name: LAST_EVENT, Payload: null }
}

export function queryResponse(index, payloadSize) {
  return { From: `host-${index}`, Payload: payload(index, payloadSize), Type: 'response' }
}

export function queryDone() {
  return { From: '', Payload: null, Type: 'done' }
}

/** A member of a large cluster. */
export function member(index) {
  return memberOf(
    `host-${index}.prod.example.net`,
    {
      role: `api-${index % 9}`,
      zone: 'north-2',
      release: `4.${index % 20}.${index % 90}`,
      shelf: `s${index % 60}`,
      os: 'debian-12',
      cpu: 'epyc-9354p-32-core',
    },
    7946 + (index % 50),
  )
}

/** The one member that a filter by this name selects. */
export function memberNamed(name) {
  return memberOf(name, { role: 'api' }, 7946)
}

/** The name that request `index` asks for. All are of one length. */
export function nameAsked(index) {
  return `host-${String(index % 1000).padStart(4, '0')}`
}

function memberOf(name, tags, port) {
  return {
    Addr: Buffer.from([127, 0, 0, 1]),
    DelegateCur: 5,
    DelegateMax: 5,
    DelegateMin: 2,
    Name: name,
    Port: port,
    ProtocolCur: 2,
    ProtocolMax: 5,
    ProtocolMin: 1,
    Status: 'alive',
    Tags: tags,
  }
}

/**
 * Bytes that are not UTF-8, to find out a client that makes text of them. The first and the last tell which
 * record it is.
 */
function payload(index, size) {
  const bytes = Buffer.alloc(size, 0xf5)
  bytes.writeUInt32LE(index, 0)
  bytes[size - 1] = (index * 7) & 0xff
  return bytes
}
