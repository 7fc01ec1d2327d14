import type { Member } from 'serfx'
import type { ShownMember } from '../../messages'

export function shownMember(member: Member): ShownMember {
  const { name, addr, port, tags, status, protocolMin, protocolMax, protocolCur } = member
  return { name, addr, port, tags, status, protocolMin, protocolMax, protocolCur }
}
