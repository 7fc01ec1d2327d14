import { isPlain, knownOptions, shown } from '../arguments'
import { type Member, MEMBER_STATUSES, type MemberStatus } from '../member'

/**
 * The properties that a member must have, all of them. A string must be equal. A RegExp must match somewhere;
 * `g` and `y` have no effect.
 */
export interface MemberCriteria {
  name?: string | RegExp | undefined
  /** One status, or an array of which the member must have one. */
  status?: MemberStatus | readonly MemberStatus[] | undefined
  /** A tag that the member does not have never matches, not even `''` or `/(?:)/`. */
  tags?: Record<string, string | RegExp> | undefined
}

type MemberTest = (member: Member) => boolean

/** Makes a function of the criteria. Later changes of the criteria have no effect on it. */
export function memberTest(criteria: MemberCriteria | MemberTest): MemberTest {
  if (typeof criteria === 'function') return criteria
  if (criteria instanceof RegExp) {
    throw new TypeError(`filterMembers: say what is to match, as in { name: ${String(criteria)} }`)
  }
  const { name, status, tags } = knownOptions(
    criteria,
    { name: true, status: true, tags: true },
    'the criteria of filterMembers',
  )
  const tests: MemberTest[] = []
  if (name !== undefined) {
    const matches = textTest(name, 'the name')
    tests.push((member) => matches(member.name))
  }
  if (status !== undefined) {
    const statuses = new Set([status].flat().map(knownStatus))
    tests.push((member) => statuses.has(member.status))
  }
  if (tags !== undefined) tests.push(...tagTests(tags))
  return (member) => tests.every((holds) => holds(member))
}

function tagTests(tags: Record<string, string | RegExp | undefined>): MemberTest[] {
  if (typeof tags !== 'object' || (tags as unknown) === null || Array.isArray(tags)) {
    throw new TypeError(`filterMembers: tags must be an object, not ${shown(tags)}`)
  }
  // Without this a Map would count as an object without entries, and select everybody.
  if (!isPlain(tags)) throw new TypeError('filterMembers: tags must be a plain object')
  return Object.entries(tags).flatMap(([key, wanted]) => {
    if (wanted === undefined) return []
    const matches = textTest(wanted, `the tag ${shown(key)}`)
    return [({ tags: own }: Member) => Object.hasOwn(own, key) && matches(own[key] ?? '')]
  })
}

function textTest(wanted: string | RegExp, what: string): (text: string) => boolean {
  if (typeof wanted === 'string') return (text) => text === wanted
  if (!(wanted instanceof RegExp)) {
    throw new TypeError(`filterMembers: ${what} must be a string or a RegExp, not ${shown(wanted)}`)
  }
  // With `g` or `y`, a RegExp starts where its last match ended.
  const pattern = new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, ''))
  return (text) => pattern.test(text)
}

function knownStatus(status: MemberStatus): MemberStatus {
  if (MEMBER_STATUSES.includes(status)) return status
  throw new TypeError(
    `filterMembers: there is no status ${shown(status)}; valid: ${MEMBER_STATUSES.join(', ')}`,
  )
}
