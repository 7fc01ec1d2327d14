import { type Member, MEMBER_STATUSES, type MemberStatus } from '../../member'
import { addressText } from '../address'
import type { ListReader } from '../frame'
import { MAX_TAGS } from '../limits'
import { Expected } from '../expected'
import type { Reader } from '../reader'
import { recordReader } from '../record'

const STATUSES: ReadonlyMap<string, MemberStatus> = new Map(MEMBER_STATUSES.map((status) => [status, status]))
const text = (reader: Reader) => reader.string()

const blankMember = (): Member => ({
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
})

const readFields = recordReader<Member>(blankMember, {
  Name: (member, reader) => (member.name = reader.string()),
  Addr: (member, reader) => (member.addr = readAddress(reader)),
  Port: (member, reader) => (member.port = reader.integer()),
  Tags: (member, reader) => (member.tags = reader.dictionary(text, MAX_TAGS)),
  Status: (member, reader) => (member.status = readStatus(reader)),
  ProtocolMin: (member, reader) => (member.protocolMin = reader.integer()),
  ProtocolMax: (member, reader) => (member.protocolMax = reader.integer()),
  ProtocolCur: (member, reader) => (member.protocolCur = reader.integer()),
  DelegateMin: (member, reader) => (member.delegateMin = reader.integer()),
  DelegateMax: (member, reader) => (member.delegateMax = reader.integer()),
  DelegateCur: (member, reader) => (member.delegateCur = reader.integer()),
})

const ADDR = Expected.of(0x8b, 'Addr')
const DELEGATE_CUR = Expected.of('DelegateCur')
const DELEGATE_MAX = Expected.of('DelegateMax')
const DELEGATE_MIN = Expected.of('DelegateMin')
const NAME = Expected.of('Name')
const PORT = Expected.of('Port')
const PROTOCOL_CUR = Expected.of('ProtocolCur')
const PROTOCOL_MAX = Expected.of('ProtocolMax')
const PROTOCOL_MIN = Expected.of('ProtocolMin')
const STATUS = Expected.of('Status')
const TAGS = Expected.of('Tags')
const ALIVE = Expected.of('alive')

/** A member has at least this many bytes: those of its field names. */
const LEAST_MEMBER = 100

/** A member in the canonical encoding; `undefined` or a fault for anything else. */
function readCanonicalMember(reader: Reader): Member | undefined {
  if (!reader.matches(ADDR)) return undefined
  reader.values += 22
  const addr = readAddress(reader)
  if (!reader.matches(DELEGATE_CUR)) return undefined
  const delegateCur = reader.integer()
  if (!reader.matches(DELEGATE_MAX)) return undefined
  const delegateMax = reader.integer()
  if (!reader.matches(DELEGATE_MIN)) return undefined
  const delegateMin = reader.integer()
  if (!reader.matches(NAME)) return undefined
  const name = reader.string()
  if (name === '' || !reader.matches(PORT)) return undefined
  const port = reader.integer()
  if (!reader.matches(PROTOCOL_CUR)) return undefined
  const protocolCur = reader.integer()
  if (!reader.matches(PROTOCOL_MAX)) return undefined
  const protocolMax = reader.integer()
  if (!reader.matches(PROTOCOL_MIN)) return undefined
  const protocolMin = reader.integer()
  if (!reader.matches(STATUS)) return undefined
  const status = readStatus(reader)
  if (!reader.matches(TAGS)) return undefined
  const tags = reader.dictionary(text, MAX_TAGS)
  return {
    name,
    addr,
    port,
    tags,
    status,
    protocolMin,
    protocolMax,
    protocolCur,
    delegateMin,
    delegateMax,
    delegateCur,
  }
}

/** Reads a member of a list or of a member event, in any encoding. Source: agent/ipc.go, `Member`. */
export function readMember(reader: Reader): Member {
  const { at, values } = reader
  const canonical = readCanonicalMember(reader)
  if (canonical && !reader.fault) return canonical
  reader.rewind(at, values)
  const member = readFields(reader)
  // Every member has a name. One without a name (nil, an empty map) would take a hundred times its size in
  // memory.
  if (member.name === '') reader.fail()
  return member
}

function readAddress(reader: Reader): string {
  const start = reader.binaryStart()
  if (reader.fault) return ''
  const address = addressText(reader.bytes, start, reader.at)
  if (address === undefined) reader.fail()
  return address ?? ''
}

function readStatus(reader: Reader): MemberStatus {
  if (reader.matches(ALIVE)) return 'alive'
  return STATUSES.get(reader.string()) ?? 'none'
}

const readMembersBody = recordReader<{ members: Member[] | undefined }>(() => ({ members: undefined }), {
  Members: (reply, reader) => (reply.members = reader.list(readMember)),
})

const MEMBERS = Expected.of(0x81, 'Members')

/**
 * Reads the body of `members` and `members-filtered` in the canonical encoding; `undefined` or a fault for
 * anything else.
 */
export function readCanonicalMembers(reader: Reader): Member[] | undefined {
  if (!reader.matches(MEMBERS)) return undefined
  reader.values += 2
  return reader.list(readMember, LEAST_MEMBER)
}

/** Reads the body of `members` and `members-filtered` in any encoding. */
export function readMembers(reader: Reader): Member[] {
  const { members } = readMembersBody(reader)
  if (members === undefined) reader.fail()
  return members ?? []
}

/** Reads the same body member by member as it arrives. */
export const membersList: ListReader = {
  open: (reader) => (reader.matches(MEMBERS) ? reader.arraySize() : -1),
  readCanonicalElement: readCanonicalMember,
  readElement: readMember,
}
