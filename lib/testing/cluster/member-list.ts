import type { Member } from '../../member'
import { member as memberBytes, membersReply } from '../wire/replies'

/**
 * The members that the agent knows, in the order in which it has learned of them, and their bytes, each
 * encoded once.
 */
export class MemberList {
  readonly #members = new Map<string, Member>()
  readonly #bytes = new Map<string, Buffer>()
  #reply: Buffer | undefined
  #alive: number | undefined

  get size(): number {
    return this.#members.size
  }

  /** How many are alive. */
  get alive(): number {
    return (this.#alive ??= this.count('alive'))
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values()
  }

  get(name: string): Member | undefined {
    return this.#members.get(name)
  }

  set(member: Member): void {
    this.#members.set(member.name, member)
    this.#changed(member.name)
  }

  delete(name: string): void {
    this.#members.delete(name)
    this.#changed(name)
  }

  count(status: Member['status']): number {
    let count = 0
    for (const member of this) if (member.status === status) count++
    return count
  }

  /** The body of `members`. Kept until something changes, as it may be large. */
  reply(): Buffer {
    return (this.#reply ??= this.#encode([...this]))
  }

  /** The body of `members-filtered`. */
  replyOf(matches: (member: Member) => boolean): Buffer {
    return this.#encode([...this].filter(matches))
  }

  bytesOf(member: Member): Buffer {
    let bytes = this.#bytes.get(member.name)
    if (bytes === undefined) this.#bytes.set(member.name, (bytes = memberBytes(member)))
    return bytes
  }

  #encode(members: readonly Member[]): Buffer {
    return membersReply(
      members.map((member) => this.bytesOf(member)),
      members.length,
    )
  }

  #changed(name: string): void {
    this.#bytes.delete(name)
    this.#reply = this.#alive = undefined
  }
}
