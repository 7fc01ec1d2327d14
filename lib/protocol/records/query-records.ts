import { Expected } from '../expected'
import type { Reader } from '../reader'
import { recordReader } from '../record'
import type { QueryAck, QueryResponse } from '../replies'
import { DONE, NOISE } from './sentinels'

const NO_PAYLOAD = Buffer.alloc(0)

class QueryResponseRecord implements QueryResponse {
  readonly type = 'response'

  constructor(
    readonly from: string,
    readonly payload: Buffer,
  ) {}

  get text(): string {
    return this.payload.toString()
  }
}

const readFields = recordReader<{ type: string; from: string; payload: Buffer }>(
  () => ({ type: '', from: '', payload: NO_PAYLOAD }),
  {
    Type: (record, reader) => (record.type = reader.string()),
    From: (record, reader) => (record.from = reader.string()),
    Payload: (record, reader) => (record.payload = reader.binary()),
  },
)

const FROM = Expected.of(0x83, 'From')
const PAYLOAD = Expected.of('Payload')
const RESPONSE = Expected.of('Type', 'response')
const ACK = Expected.of('Type', 'ack')

/** Reads a response or an ack in the canonical encoding; `undefined` or a fault for anything else. */
export function readCanonicalAnswer(reader: Reader): QueryAck | QueryResponse | undefined {
  if (!reader.matches(FROM)) return undefined
  reader.values += 6
  const from = reader.string()
  // The last record of a query is from nobody.
  if (from === '' || !reader.matches(PAYLOAD)) return undefined
  const payload = reader.binary()
  const isAck = reader.matches(ACK)
  if (!isAck && !reader.matches(RESPONSE)) return undefined
  return isAck ? { type: 'ack', from } : new QueryResponseRecord(from, payload)
}

/**
 * Reads a record of `query`, in any encoding. At the deadline an agent may send acks and responses without a
 * node, which it reads from Go channels that are closed. They are noise.
 */
export function readQueryRecord(reader: Reader): QueryAck | QueryResponse | typeof DONE | typeof NOISE {
  const { type, from, payload } = readFields(reader)
  if (type === 'done') return DONE
  if (type === 'response') return from === '' ? NOISE : new QueryResponseRecord(from, payload)
  if (type === 'ack') return from === '' ? NOISE : { type: 'ack', from }
  if (type === '') reader.fail()
  return NOISE
}
