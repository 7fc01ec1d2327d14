import type { Member, MemberStatus } from '../../member'
import { addressText } from '../address'
import type { ListReader } from '../frames'
import { Expected, type Reader } from '../reader'
import { recordReader } from '../record'

const STATUSES: ReadonlyMap<string, MemberStatus> = new Map(
  (['none', 'alive', 'leaving', 'left', 'failed'] as const).map((status) => [status, status]),
)
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

/** A member, alone in no reply, but in lists and in member events. Source: agent/ipc.go, `Member`. */
export const readMember = recordReader<Member>(blankMember, {
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
})

function readAddress(reader: Reader): string {
  const start = reader.binaryStart()
  const address = addressText(reader.bytes, start, reader.at)
  if (address === undefined) reader.fault = true
  return address ?? ''
}

function readStatus(reader: Reader): MemberStatus {
  return STATUSES.get(reader.string()) ?? 'none'
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

const MEMBERS = Expected.of(0x81, 'Members')

/** The same body, member by member as they arrive. */
export const membersList: ListReader = {
  opens: (reader) => (reader.matches(MEMBERS) ? reader.arraySize() : -1),
  element: readMember,
}
