import type { Subscriber } from 'rxjs'
import { ProtocolError, RpcError, type SerfError, TimeoutError } from '../errors'
import type { Call } from '../protocol/call'
import { writeRequest } from '../protocol/codec'
import { bodyFollows } from '../protocol/commands'
import { type FrameOwner, type ListReader, MALFORMED } from '../protocol/frame'
import { adviceFor, codeOf, HANGS_UP_AFTER } from '../protocol/limits'
import { printable } from '../protocol/printable'
import type { Reader } from '../protocol/reader'
import type { Responder } from '../protocol/records/event-records'
import { DONE, NOISE } from '../protocol/records/sentinels'
import type { Writer } from '../protocol/writer'
import { type Expiring, NO_DEADLINE } from './deadlines'
import type { QueuedWrite } from './write-queue'

/** What a request needs to know of the connection that it is on. */
export interface RequestHost {
  /** `host:port` of the agent, for messages. */
  readonly address: string
  readonly responder: Responder
  /** Called when nobody waits for `request` any more. */
  onRequestEnd(request: Request<unknown>): void
  /** Starts or restarts the time of `request`, in ms; 0 is no limit. */
  startTimeout(request: Expiring, limit: number): void
  /** Called when the agent has sent an error after which it closes the connection. */
  expectHangUp(): void
  /** Called when the agent has answered a command after which it exits. */
  expectEnd(): void
}

/**
 * One request of one subscriber. It receives the frames of one seq, and ends with the last of them, an error,
 * or its deadline.
 */
export class Request<T> implements FrameOwner, Expiring, QueuedWrite {
  deadline = NO_DEADLINE
  /** Whether its bytes have been written to the socket. */
  sent = false
  /** For a reply of records: whether the agent has accepted it. From then on each frame has a body. */
  answered = false
  /** Whether a header without an error has a body. */
  private hasBody: boolean
  private refused = false
  /**
   * Whether its last value has come. If its subscriber then closes the connection, the request does not fail.
   */
  private replied = false

  constructor(
    readonly call: Call<T>,
    readonly seq: number,
    /** How long the reply may take, in ms; 0 is no limit. */
    readonly limit: number,
    private readonly host: RequestHost,
    private readonly subscriber: Subscriber<T>,
  ) {
    this.hasBody = bodyFollows(call.traits.reply, '')
  }

  write(writer: Writer): void {
    writeRequest(writer, this.call.command, this.seq, this.call.body)
    this.sent = true
    // If the socket was full, its time has already started.
    if (this.deadline === NO_DEADLINE) this.host.startTimeout(this, this.limit)
  }

  /** Whether nobody waits for it any more. */
  get abandoned(): boolean {
    return this.subscriber.closed
  }

  /** Whether the agent goes on sending records until it is told to stop. */
  get needsStop(): boolean {
    return this.call.traits.endless && this.sent && !this.refused
  }

  /** Called at the end of its subscription, whatever ended it. */
  unsubscribe(): void {
    this.host.onRequestEnd(this)
  }

  expectsBody(error: string): boolean {
    return error === '' ? this.hasBody : this.answered || bodyFollows(this.call.traits.reply, error)
  }

  get list(): ListReader | undefined {
    return this.call.list
  }

  read(reader: Reader): unknown {
    return this.call.read(reader, this.host.responder)
  }

  readCanonical(reader: Reader): unknown {
    return this.call.readCanonical?.(reader)
  }

  onCanonicalBody(body: unknown): void {
    if (this.call.traits.reply === 'records') this.subscriber.next(this.value(body))
    else this.reply(body)
  }

  onFrame(error: string, body: unknown): void {
    if (body === MALFORMED) this.malformed()
    else if (error !== '') this.refuse(error, body)
    else if (this.call.traits.reply !== 'records') this.reply(body)
    else if (!this.answered) {
      this.answered = true
      this.hasBody = true
      this.host.startTimeout(this, this.call.endsAfter ?? 0)
      if (this.call.emitsBareReply) this.subscriber.next(this.value(body))
    } else if (body === DONE) this.subscriber.complete()
    else if (body !== NOISE) {
      this.replied = this.call.isLast?.(body) ?? false
      this.subscriber.next(this.value(body))
      if (this.replied) this.subscriber.complete()
    }
  }

  fail(error: SerfError): void {
    if (!this.replied) this.subscriber.error(error)
  }

  complete(): void {
    this.subscriber.complete()
  }

  /** A query without its `done` completes. Any other reply is overdue. */
  expire(): void {
    if (this.answered) this.subscriber.complete()
    else this.fail(this.overdue())
  }

  private overdue(): TimeoutError {
    const { command, traits } = this.call
    const { address } = this.host
    if (!this.sent) {
      return new TimeoutError(
        `${command}: not sent within ${this.limit} ms, because ${address} does not read; is that agent stopped or overloaded?`,
      )
    }
    const effect = traits.afterLoss === 'never' ? ' it may have been carried out nevertheless;' : ''
    return new TimeoutError(
      `${command}: no reply from ${address} within ${this.limit} ms;${effect} raise the option timeout if it takes longer`,
    )
  }

  private reply(body: unknown): void {
    this.replied = true
    if (this.call.traits.endsAgent) this.host.expectEnd()
    this.subscriber.next(this.value(body))
    this.subscriber.complete()
  }

  private value(body: unknown): T {
    return this.call.emit(this.seq, body)
  }

  private malformed(): void {
    this.fail(
      new ProtocolError(`${this.call.command}: the reply of ${this.host.address} is not what an agent sends`),
    )
  }

  private refuse(error: string, body: unknown): void {
    this.refused = true
    const { command } = this.call
    const code = codeOf(error)
    if (HANGS_UP_AFTER.has(code)) this.host.expectHangUp()
    const advice = adviceFor(code)
    const message = `${command}: ${this.host.address} answered: ${printable(error.trim())}`
    this.fail(
      new RpcError(advice === undefined ? message : `${message} (${advice})`, {
        code,
        command,
        seq: this.seq,
        body,
      }),
    )
  }
}
