import type { Duplex } from 'node:stream'
import { AsyncSubject, map, Observable, type Subscription } from 'rxjs'
import type { SerfError } from '../errors'
import type { Payload } from '../payload'
import { type Call, respondCall } from '../protocol/calls'
import { writeRequest } from '../protocol/codec'
import { type Frame, FrameDecoder } from '../protocol/frames'
import type { Writer } from '../protocol/writer'
import { type Clock, systemClock, type Timer } from './clock'
import { Deadlines, type Expiring } from './deadlines'
import {
  connectionClosed,
  connectionLost,
  dialFailed,
  dialTimedOut,
  errorForCommand,
  notTheProtocol,
  patternRefused,
} from './connection-errors'
import { addressOf, limitOf, type ResolvedOptions } from './options'
import { WriteQueue } from './write-queue'
import { Refusals } from './refusals'
import { type RequestHost, Request } from './request'
import { SeqRouter } from './seq-router'
import { traced } from './tracing'
import { setSocketRef, openSocket } from './socket'

/**
 * One socket and all that is said over it: calls go out, frames come in and find their way by seq. It is dialled by the first call that
 * is subscribed, ends once, and is never dialled again.
 */
export class Channel implements RequestHost {
  readonly address: string
  private readonly router = new SeqRouter()
  private readonly writeQueue = new WriteQueue()
  private readonly deadlines: Deadlines
  private readonly refusals: Refusals
  private readonly decoder: FrameDecoder
  private readonly closing = new AsyncSubject<SerfError | undefined>()
  private socket: Duplex | undefined
  private reading: Subscription | undefined
  private dialTimer: Timer | undefined
  private dialled = false
  private referenced = true
  /** When a frame, or a member of a long list, came last, by the clock. Bytes that make up no frame are no sign of life. */
  lastFrameAt = 0
  private framesRead = 0
  private receiving = false
  private hangUpExpected = false
  private readonly arrived: Buffer[] = []
  /** Why it has ended, `close()` included. Set at once, whereas `closed$` emits after every request has got its error. */
  endReason: SerfError | undefined

  constructor(
    readonly options: ResolvedOptions,
    private readonly clock: Clock = systemClock,
  ) {
    this.address = addressOf(options.address)
    this.refusals = new Refusals(clock)
    this.deadlines = new Deadlines(clock, () => this.router.waiting)
    this.decoder = new FrameDecoder(options.maxFrameBytes, this.router)
  }

  get closed(): boolean {
    return this.endReason !== undefined
  }

  /** Once, when it has ended: why, or `undefined` after `close()`. */
  get closed$(): Observable<SerfError | undefined> {
    return this.closing.asObservable()
  }

  get frames$(): Observable<Frame> {
    return this.router.frames$.asObservable()
  }

  /** The port on this side, by which an agent's log names the connection. */
  get localPort(): number | undefined {
    return this.socket && 'localPort' in this.socket
      ? (this.socket.localPort as number | undefined)
      : undefined
  }

  /** Cold: each subscriber makes a request of its own. `limit` is how long its reply may take, in ms; 0 is no limit. */
  run<T>(call: Call<T>, limit = limitOf(call, this.options)): Observable<T> {
    return new Observable((subscriber) => {
      if (this.endReason) {
        this.refusals.refuse(subscriber, errorForCommand(call.command, this.endReason))
        return
      }
      const request = new Request(call, this.router.nextSeq(), limit, this, subscriber)
      this.router.add(request)
      this.writeQueue.add(request)
      // While the agent does not read, the time of a request runs although it has not been written.
      if (!request.sent && this.writeQueue.blocked) this.deadlines.start(request, limit)
      this.dial()
      return request
    })
  }

  /** Errors when this connection ends, at once if it has. */
  ended(command: string): Observable<never> {
    return this.closed$.pipe(
      map(() => {
        throw errorForCommand(command, this.endReason ?? connectionClosed(this.address))
      }),
    )
  }

  readonly responder = (id: number | bigint, payload?: Payload): Observable<void> => {
    const call = respondCall(id, payload)
    const answer$ = this.run(call)
    const answered$ = new Observable<void>((subscriber) => {
      if (!this.endReason) return answer$.subscribe(subscriber)
      // The id means nothing on any other connection, however this one ended.
      const lost = connectionLost(this.address, false, this.endReason)
      this.refusals.refuse(subscriber, errorForCommand(call.command, lost))
      return
    })
    return traced(call, () => this.address, answered$)
  }

  startTimeout(request: Expiring, limit: number): void {
    this.deadlines.start(request, limit)
  }

  expectHangUp(): void {
    this.hangUpExpected = true
  }

  /** Keeps the process alive while the connection is open. This is so at first. */
  ref(): void {
    this.setRef(true)
  }

  /** Lets the process exit although the connection is open. */
  unref(): void {
    this.setRef(false)
  }

  private setRef(on: boolean): void {
    if (this.referenced === on) return
    this.referenced = on
    if (this.socket) setSocketRef(this.socket, on)
  }

  /** Ends the connection as lost, although the system has not reported a loss: the peer is silent. */
  destroy(cause: unknown): void {
    this.fail(connectionLost(this.address, this.decoder.midFrame, cause))
  }

  close(): void {
    this.end(connectionClosed(this.address), undefined)
  }

  onRequestEnd(request: Request<unknown>): void {
    this.deadlines.clear(request)
    this.router.remove(request)
    if (this.endReason) return
    if (!request.sent) this.writeQueue.onAbandoned()
    if (!request.needsStop) return
    // Nobody waits for the reply to this: like late records of the stream, it is passed over.
    const stop = (writer: Writer) =>
      writeRequest(writer, 'stop', this.router.nextSeq(), { Stop: request.seq })
    this.writeQueue.add({ abandoned: false, write: stop })
  }

  private dial(): void {
    if (this.dialled) return
    this.dialled = true
    const { timeout } = this.options
    if (timeout > 0) {
      this.dialTimer = this.clock.after(timeout, () =>
        // This process may have been too busy to notice that the socket is open.
        this.clock.afterRead(() => {
          if (!this.socket) this.fail(dialTimedOut(this.address, timeout))
        }),
      )
    }
    this.reading = openSocket(this.options, (socket) => this.opened(socket)).subscribe({
      next: (chunk) => this.receive(chunk),
      error: (error: unknown) => this.lost(error),
      complete: () => this.lost(),
    })
    if (this.endReason) this.reading.unsubscribe()
  }

  private opened(socket: Duplex): void {
    this.dialTimer?.cancel()
    this.socket = socket
    this.lastFrameAt = this.clock.now()
    if (!this.referenced) setSocketRef(socket, false)
    this.writeQueue.attach(socket)
  }

  private receive(chunk: Buffer): void {
    // A socket that answers within `write` may do so while frames are handed out: its chunk has to wait for its turn.
    if (this.receiving) {
      this.arrived.push(Buffer.from(chunk))
      return
    }
    this.receiving = true
    try {
      this.decoder.push(chunk)
      for (let next = this.arrived.shift(); next; next = this.arrived.shift()) this.decoder.push(next)
    } catch (error) {
      this.fail(notTheProtocol(this.address, error))
    } finally {
      this.receiving = false
    }
    if (this.decoder.framesRead === this.framesRead) return
    this.framesRead = this.decoder.framesRead
    this.lastFrameAt = this.clock.now()
  }

  private lost(cause?: unknown): void {
    if (!this.socket) this.fail(dialFailed(this.address, cause))
    else this.fail(connectionLost(this.address, this.decoder.midFrame, cause))
  }

  private fail(reason: SerfError): void {
    this.end(reason, reason)
  }

  private end(reason: SerfError, told: SerfError | undefined): void {
    if (this.endReason) return
    this.endReason = reason
    this.dialTimer?.cancel()
    this.decoder.stop()
    this.writeQueue.close()
    this.deadlines.stop()
    this.reading?.unsubscribe()
    const mayBlame = reason.code === 'CONNECTION_LOST' && !this.hangUpExpected
    const culprit = mayBlame ? this.router.current : undefined
    this.router.end((request) => {
      // One's own end is no failure of what has no end of its own.
      if (told === undefined && request.call.traits.endless) return undefined
      return request === culprit && request.call.risky()
        ? patternRefused(this.address, request)
        : errorForCommand(request.call.command, reason)
    })
    this.closing.next(told)
    this.closing.complete()
  }
}
