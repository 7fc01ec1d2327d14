/**
 * The replies of an agent, byte for byte, with the keys of a struct in alphabetical order, as Go's codec
 * writes them.
 * Source: captured in spec/fixtures/wire.
 */
import type { Member } from '../../member'
import type { Coordinate, KeyReport } from '../../protocol/replies'
import { addressBytes } from './address'
import type { Uint64 } from './requests'
import { Writer } from './writer'

const writer = new Writer()

export function header(error: string, seq: Uint64): Buffer {
  return writer.map(2).string('Error').string(error).string('Seq').uint(seq).finish()
}

/** A list of members, each as {@link member} encodes it. */
export function membersReply(members: Iterable<Buffer>, size: number): Buffer {
  writer.map(1).string('Members').array(size)
  for (const bytes of members) writer.raw(bytes)
  return writer.finish()
}

export function member(member: Member): Buffer {
  writer.map(11)
  writer.string('Addr').binary(addressBytes(member.addr) ?? Buffer.alloc(0))
  writer.string('DelegateCur').uint(member.delegateCur)
  writer.string('DelegateMax').uint(member.delegateMax)
  writer.string('DelegateMin').uint(member.delegateMin)
  writer.string('Name').string(member.name)
  writer.string('Port').uint(member.port)
  writer.string('ProtocolCur').uint(member.protocolCur)
  writer.string('ProtocolMax').uint(member.protocolMax)
  writer.string('ProtocolMin').uint(member.protocolMin)
  writer.string('Status').string(member.status)
  writer.string('Tags')
  return dictionary(member.tags).finish()
}

export function joinReply(joined: number): Buffer {
  return writer.map(1).string('Num').uint(joined).finish()
}

/** `keys` is null for all commands but `list-keys`. */
export function keyReply(report: Omit<KeyReport, 'keys'> & { keys: Record<string, number> | null }): Buffer {
  writer.map(5).string('Keys')
  if (report.keys === null) writer.nil()
  else {
    const entries = Object.entries(report.keys)
    writer.map(entries.length)
    for (const [key, count] of entries) writer.string(key).uint(count)
  }
  writer.string('Messages')
  dictionary(report.messages)
  writer.string('NumErr').uint(report.numErr)
  writer.string('NumNodes').uint(report.numNodes)
  return writer.string('NumResp').uint(report.numResp).finish()
}

/** Without a coordinate all numbers are zero, and the vector is null. */
export function coordinateReply(coordinate: Coordinate | null): Buffer {
  writer.map(2).string('Coord').map(4)
  writer.string('Adjustment').float(coordinate?.adjustment ?? 0)
  writer.string('Error').float(coordinate?.error ?? 0)
  writer.string('Height').float(coordinate?.height ?? 0)
  writer.string('Vec')
  if (coordinate === null) writer.nil()
  else {
    writer.array(coordinate.vec.length)
    for (const value of coordinate.vec) writer.float(value)
  }
  return writer
    .string('Ok')
    .bool(coordinate !== null)
    .finish()
}

export function statsReply(stats: Record<string, Record<string, string>>): Buffer {
  const sections = Object.entries(stats)
  writer.map(sections.length)
  for (const [name, values] of sections) {
    writer.string(name)
    dictionary(values)
  }
  return writer.finish()
}

export function dictionary(values: Record<string, string>): Writer {
  const entries = Object.entries(values)
  writer.map(entries.length)
  for (const [key, value] of entries) writer.string(key).string(value)
  return writer
}
