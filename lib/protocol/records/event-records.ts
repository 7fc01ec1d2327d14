import type { Observable } from 'rxjs'
import type { MemberEvent, QueryEvent, SerfEvent, UserEvent } from '../../events/event'
import { isMemberEventType } from '../../events/event-types'
import type { Member } from '../../member'
import type { Payload } from '../../payload'
import { Expected } from '../expected'
import type { Reader } from '../reader'
import { recordReader } from '../record'
import { readMember } from './member-records'
import { NOISE } from './sentinels'

const NO_PAYLOAD = Buffer.alloc(0)

/** Sends the answer to a query over the connection that delivered the query. */
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

const readFields = recordReader<EventFields>(
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

const COALESCE = Expected.of(0x85, 'Coalesce')
const USER_LTIME = Expected.of('Event', 'user', 'LTime')
const NAME = Expected.of('Name')
const PAYLOAD = Expected.of('Payload')

/** Reads a user event in the canonical encoding; `undefined` or a fault for anything else. */
export function readCanonicalUserEvent(reader: Reader): UserEvent | undefined {
  if (!reader.matches(COALESCE)) return undefined
  reader.values += 10
  const coalesce = reader.bool()
  if (!reader.matches(USER_LTIME)) return undefined
  const ltime = reader.integer()
  if (!reader.matches(NAME)) return undefined
  const name = reader.string()
  return reader.matches(PAYLOAD) ? new UserEventRecord(name, ltime, reader.binary(), coalesce) : undefined
}

/** Reads a record of `stream`. A query is answered with `responder`. */
export function readEvent(reader: Reader, responder: Responder): SerfEvent | typeof NOISE {
  const { event, name, ltime, payload, coalesce, id, members } = readFields(reader)
  if (event === 'user') return new UserEventRecord(name, ltime, payload, coalesce)
  if (event === 'query') return new QueryEventRecord(name, ltime, payload, id, responder)
  if (isMemberEventType(event)) return { type: event, members } satisfies MemberEvent
  if (event === '') reader.fail()
  return NOISE
}
