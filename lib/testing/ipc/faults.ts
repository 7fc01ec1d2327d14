import { integerBetween, knownOptions, MAX_TIMEOUT } from '../../arguments'
import { checkedEnding, type Ending } from './write-queue'

/** What goes wrong with a request. */
export interface FaultAction {
  delay?: number
  silent?: true
  reply?: { error: string; body?: unknown }
  bytes?: Uint8Array
  drop?: { how: Ending; after: number | 'request' | 'header' }
}

/**
 * What goes wrong with requests of one command. Made by `agent.faults.next(...)` and `.every(...)`; each method adds to it, and
 * `delay` goes with any other: `agent.faults.next('members').delay(50).drop('rst')`.
 */
export class Fault {
  readonly #action: FaultAction

  /** @internal */
  constructor(action: FaultAction) {
    this.#action = action
  }

  /** Answers after so many milliseconds. As with a real agent, all that is behind it on this connection waits too. */
  delay(milliseconds: number): this {
    this.#action.delay = integerBetween(milliseconds, 0, MAX_TIMEOUT, 'a delay')
    return this
  }

  /** Never answers, nor anything that is asked behind it on this connection. Streams that are there go on. */
  silence(): this {
    this.#action.silent = true
    return this
  }

  /**
   * Answers with this in place of carrying it out. A body, in Serf's own names, follows where the command has one: with an error
   * only for `join` and the key commands, which send an empty one if none is given.
   */
  reply(reply: { error: string; body?: unknown }): this {
    this.#action.reply = knownOptions(reply, { error: true, body: true }, 'a reply')
    return this
  }

  /** Sends these bytes in place of a reply. */
  send(bytes: Uint8Array): this {
    this.#action.bytes = bytes
    return this
  }

  /**
   * Drops the connection, with a FIN or a RST: before the reply (`'request'`, the default), after its first header (`'header'`), or after so many
   * bytes of what is sent under its seq: headers, body and records. The command is carried out except with `'request'`.
   */
  drop(how: Ending, options: { after?: 'request' | 'header' | number } = {}): this {
    const { after = 'request' } = knownOptions(options, { after: true }, 'the options of drop')
    if (after !== 'request' && after !== 'header') integerBetween(after, 0, MAX_TIMEOUT, 'after')
    this.#action.drop = { how: checkedEnding(how), after }
    return this
  }
}

/** The faults that a test has planned. */
export class FaultPlan {
  #next: { command: string; action: FaultAction }[] = []
  readonly #every = new Map<string, FaultAction>()

  next(command: string): Fault {
    const action: FaultAction = {}
    this.#next.push({ command, action })
    return new Fault(action)
  }

  every(command: string): Fault {
    const action: FaultAction = {}
    this.#every.set(command, action)
    return new Fault(action)
  }

  clear(): void {
    this.#next = []
    this.#every.clear()
  }

  /** What goes wrong with this request, each of `next` once. */
  actionFor(command: string): FaultAction | undefined {
    const found = this.#next.find((planned) => planned.command === command || planned.command === '*')
    if (!found) return this.#every.get(command) ?? this.#every.get('*')
    this.#next = this.#next.filter((planned) => planned !== found)
    return found.action
  }
}
