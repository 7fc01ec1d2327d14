import type { Member } from '../member'

/** Whether two descriptions of a member are equal. */
export function sameMember(a: Member, b: Member): boolean {
  return (
    a.status === b.status &&
    a.addr === b.addr &&
    a.port === b.port &&
    a.name === b.name &&
    a.protocolMin === b.protocolMin &&
    a.protocolMax === b.protocolMax &&
    a.protocolCur === b.protocolCur &&
    a.delegateMin === b.delegateMin &&
    a.delegateMax === b.delegateMax &&
    a.delegateCur === b.delegateCur &&
    sameTags(a.tags, b.tags)
  )
}

/** Whether two sets of tags are equal. */
export function sameTags(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  )
}
