/**
 * The records of the wire in Serf's own names, each with the one table that says how its fields become ours.
 * Source: serf 0.9.4, cmd/serf/command/agent/ipc.go, ipc_event_stream.go, ipc_query_response_stream.go, ipc_log_stream.go.
 */
import type { Observable } from 'rxjs'
import type { MemberEvent, MemberEventType, QueryEvent, SerfEvent, UserEvent } from '../events/event'
import type { Member, MemberStatus } from '../member'
import type { Payload } from '../payload'
import { addressText } from './address'
import type { Reader } from './reader'
import { recordReader } from './record'
import type { AgentStats, Coordinate, KeyReport, QueryAck, QueryResponse } from './replies'

const NO_PAYLOAD = Buffer.alloc(0)
const text = (reader: Reader) => reader.string()
const STATUSES: readonly MemberStatus[] = ['none', 'alive', 'leaving', 'left', 'failed']

// --- members

const readMember = recordReader<Member>(
  () => ({
    name: '',
    addr: '',
    port: 0,
    tags: {},
    status: 'none',
    protocolMin: 0,
    protocolMax: 0,
    protocolCur: 0,
    delegateMin: 0,
    delegateMax: 0,
    delegateCur: 0,
  }),
  {
    Name: (member, reader) => (member.name = reader.string()),
    Addr: (member, reader) => (member.addr = readAddress(reader)),
    Port: (member, reader) => (member.port = reader.integer()),
    Tags: (member, reader) => (member.tags = reader.dictionary(text)),
    Status: (member, reader) => (member.status = readStatus(reader)),
    ProtocolMin: (member, reader) => (member.protocolMin = reader.integer()),
    ProtocolMax: (member, reader) => (member.protocolMax = reader.integer()),
    ProtocolCur: (member, reader) => (member.protocolCur = reader.integer()),
    DelegateMin: (member, reader) => (member.delegateMin = reader.integer()),
    DelegateMax: (member, reader) => (member.delegateMax = reader.integer()),
    DelegateCur: (member, reader) => (member.delegateCur = reader.integer()),
  },
)

function readAddress(reader: Reader): string {
  const address = addressText(reader.binary())
  if (address === undefined) reader.fault = true
  return address ?? ''
}

function readStatus(reader: Reader): MemberStatus {
  const status = reader.string()
  return STATUSES.find((candidate) => candidate === status) ?? 'none'
}

const readMembersBody = recordReader<{ members: Member[] | undefined }>(() => ({ members: undefined }), {
  Members: (reply, reader) => (reply.members = reader.list(readMember)),
})

/** The body of `members` and `members-filtered`. */
export function readMembers(reader: Reader): Member[] {
  const { members } = readMembersBody(reader)
  if (members === undefined) reader.fault = true
  return members ?? []
}

/** The body of `join`: how many nodes were contacted. */
export const readJoined = (() => {
  const read = recordReader<{ joined: number }>(() => ({ joined: 0 }), {
    Num: (reply, reader) => (reply.joined = reader.integer()),
  })
  return (reader: Reader): number => read(reader).joined
})()

// --- keys, stats, coordinates

/** The body of the key commands, sent along with an error too. */
export const readKeyReport = recordReader<KeyReport>(
  () => ({ keys: {}, messages: {}, numErr: 0, numNodes: 0, numResp: 0 }),
  {
    Keys: (report, reader) => (report.keys = reader.dictionary((entry) => entry.integer())),
    Messages: (report, reader) => (report.messages = reader.dictionary(text)),
    NumErr: (report, reader) => (report.numErr = reader.integer()),
    NumNodes: (report, reader) => (report.numNodes = reader.integer()),
    NumResp: (report, reader) => (report.numResp = reader.integer()),
  },
)

/** The body of `stats`. */
export const readStats = recordReader<AgentStats>(
  () => ({ agent: { name: '' }, serf: {}, runtime: {}, tags: {}, event_handlers: {} }),
  {
    agent: (stats, reader) => (stats.agent = { name: '', ...reader.dictionary(text) }),
    serf: (stats, reader) => (stats.serf = reader.dictionary(text)),
    runtime: (stats, reader) => (stats.runtime = reader.dictionary(text)),
    tags: (stats, reader) => (stats.tags = reader.dictionary(text)),
    event_handlers: (stats, reader) => (stats.event_handlers = reader.dictionary(text)),
  },
)

const readCoordinateFields = recordReader<Coordinate>(
  () => ({ vec: [], height: 0, adjustment: 0, error: 0 }),
  {
    Vec: (coordinate, reader) => (coordinate.vec = reader.list((entry) => entry.float())),
    Height: (coordinate, reader) => (coordinate.height = reader.float()),
    Adjustment: (coordinate, reader) => (coordinate.adjustment = reader.float()),
    Error: (coordinate, reader) => (coordinate.error = reader.float()),
  },
)

/** The body of `get-coordinate`; an unknown node comes as all zeros and `Ok: false`. */
export const readCoordinate = (() => {
  const read = recordReader<{ coordinate: Coordinate | null; known: boolean }>(
    () => ({ coordinate: null, known: false }),
    {
      Coord: (reply, reader) => (reply.coordinate = readCoordinateFields(reader)),
      Ok: (reply, reader) => (reply.known = reader.bool()),
    },
  )
  return (reader: Reader): Coordinate | null => {
    const { coordinate, known } = read(reader)
    return known ? coordinate : null
  }
})()

// --- monitor

/** A record of `monitor`: one log line. */
export const readLogLine = (() => {
  const read = recordReader<{ line: string }>(() => ({ line: '' }), {
    Log: (record, reader) => (record.line = reader.string()),
  })
  return (reader: Reader): string => read(reader).line
})()

// --- query

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

/** The last record of a query. */
export const DONE = Symbol('done')
/** A record that means nothing, or nothing yet: a kind that a later Serf may add. */
export const NOISE = Symbol('noise')

const readQueryFields = recordReader<{ type: string; from: string; payload: Buffer }>(
  () => ({ type: '', from: '', payload: NO_PAYLOAD }),
  {
    Type: (record, reader) => (record.type = reader.string()),
    From: (record, reader) => (record.from = reader.string()),
    Payload: (record, reader) => (record.payload = reader.binary()),
  },
)

/** A record of `query`. At the deadline an agent may send acks and responses of nobody: closed Go channels, no nodes. */
export function readQueryRecord(reader: Reader): QueryAck | QueryResponse | typeof DONE | typeof NOISE {
  const { type, from, payload } = readQueryFields(reader)
  if (type === 'done') return DONE
  if (type === 'response') return from === '' ? NOISE : new QueryResponseRecord(from, payload)
  if (type === 'ack') return from === '' ? NOISE : { type: 'ack', from }
  if (type === '') reader.fault = true
  return NOISE
}

// --- stream

/** How the answer to a query gets to the agent: over the connection that brought the query. */
export type Responder = (id: number | bigint, payload?: Payload) => Observable<void>

class UserEventRecord implements UserEvent {
  readonly type = 'user'

  constructor(
    readonly name: string,
    readonly ltime: number,
    readonly payload: Buffer,
    readonly coalesce: boolean,
  ) {}

  get text(): string {
    return this.payload.toString()
  }
}

class QueryEventRecord implements QueryEvent {
  readonly type = 'query'
  readonly #responder: Responder

  constructor(
    readonly name: string,
    readonly ltime: number,
    readonly payload: Buffer,
    readonly id: number | bigint,
    responder: Responder,
  ) {
    this.#responder = responder
  }

  get text(): string {
    return this.payload.toString()
  }

  respond(payload?: Payload): Observable<void> {
    return this.#responder(this.id, payload)
  }
}

interface EventFields {
  event: string
  name: string
  ltime: number
  payload: Buffer
  coalesce: boolean
  id: number | bigint
  members: Member[]
}

const readEventFields = recordReader<EventFields>(
  () => ({ event: '', name: '', ltime: 0, payload: NO_PAYLOAD, coalesce: false, id: 0, members: [] }),
  {
    Event: (event, reader) => (event.event = reader.string()),
    Name: (event, reader) => (event.name = reader.string()),
    LTime: (event, reader) => (event.ltime = reader.integer()),
    Payload: (event, reader) => (event.payload = reader.binary()),
    Coalesce: (event, reader) => (event.coalesce = reader.bool()),
    ID: (event, reader) => (event.id = reader.id()),
    Members: (event, reader) => (event.members = reader.list(readMember)),
  },
)

const MEMBER_EVENTS: readonly MemberEventType[] = [
  'member-join',
  'member-leave',
  'member-failed',
  'member-update',
  'member-reap',
]

/** Reads the records of a `stream`; its queries answer through `responder`. */
export function eventReader(responder: Responder): (reader: Reader) => SerfEvent | typeof NOISE {
  return (reader) => {
    const { event, name, ltime, payload, coalesce, id, members } = readEventFields(reader)
    if (event === 'user') return new UserEventRecord(name, ltime, payload, coalesce)
    if (event === 'query') return new QueryEventRecord(name, ltime, payload, id, responder)
    const type = MEMBER_EVENTS.find((candidate) => candidate === event)
    if (type !== undefined) return { type, members } satisfies MemberEvent
    if (event === '') reader.fault = true
    return NOISE
  }
}
