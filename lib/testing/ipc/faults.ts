import { integerBetween, knownOptions, MAX_TIMEOUT, text } from '../../arguments'
import { encodeValue } from '../wire/value'
import { checkedEnding, type Ending } from './write-queue'

/** What an agent does with a request in place of answering it. */
export interface FaultAction {
  delay?: number
  silent?: true
  reply?: { error: string; body: Buffer | undefined }
  bytes?: Uint8Array
  drop?: { how: Ending; after: number | 'request' | 'header' }
}

/**
 * What goes wrong with requests of one command; `agent.faults.next(...)` and `.every(...)` make one. `delay`
 * can be combined with any other method.
 * @example
 * agent.faults.next('members').delay(50).drop('rst')
 */
export class Fault {
  readonly #action: FaultAction

  /** @internal */
  constructor(action: FaultAction) {
    this.#action = action
  }

  /**
   * Answers after this many milliseconds. As with a real agent, later requests on the same connection wait
   * too.
   */
  delay(milliseconds: number): this {
    this.#action.delay = integerBetween(milliseconds, 0, MAX_TIMEOUT, 'a delay')
    return this
  }

  /** Never answers this request or any later one on the same connection. Open streams go on. */
  silence(): this {
    this.#action.silent = true
    return this
  }

  /**
   * Sends this reply and does not carry out the command. `body` has Serf's own names. With an error, only
   * `join` and the key commands have a body; if you give none, it is empty.
   */
  reply(reply: { error: string; body?: unknown }): this {
    const { error, body } = knownOptions(reply, { error: true, body: true }, 'a reply')
    this.#action.reply = {
      error: text(error, 'the error of a reply'),
      body: body === undefined ? undefined : encodeValue(body),
    }
    return this
  }

  /** Sends these bytes and does not carry out the command. */
  send(bytes: Uint8Array): this {
    this.#action.bytes = bytes
    return this
  }

  /**
   * Drops the connection with a FIN or a RST.
   * @param options.after When: before the reply (`'request'`, the default), after its first header
   *   (`'header'`), or after this many bytes of headers, body and records under its seq. The command is
   *   carried out except with `'request'`.
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

  /** The fault for this request; each of `next` is used once. */
  actionFor(command: string): FaultAction | undefined {
    const found = this.#next.find((planned) => planned.command === command || planned.command === '*')
    if (!found) return this.#every.get(command) ?? this.#every.get('*')
    this.#next = this.#next.filter((planned) => planned !== found)
    return found.action
  }
}
