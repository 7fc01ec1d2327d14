import type { Duplex } from 'node:stream'
import { AsyncSubject, map, Observable, type Subscriber, type Subscription } from 'rxjs'
import type { SerfError } from '../errors'
import type { Payload } from '../payload'
import type { Call } from '../protocol/call'
import { respondCall } from '../protocol/calls'
import { writeRequest } from '../protocol/codec'
import type { Frame } from '../protocol/frame'
import { FrameDecoder } from '../protocol/frame-decoder'
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
 * One socket, and all requests and replies on it. Calls become requests; frames are given to their requests
 * by seq. The first call that is subscribed dials. A channel ends once, and is never dialled again.
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
  /**
   * When the last frame, or element of a long list, arrived, by the clock. Bytes that make up no frame are no
   * sign of life.
   */
  lastFrameAt = 0
  private framesRead = 0
  private receiving = false
  private hangUpExpected = false
  private endExpected = false
  /** Chunks that arrived while another one was being decoded. */
  private readonly arrived: Buffer[] = []
  /**
   * Why it has ended; set by `close()` too. It is set at once, whereas `closed$` emits after every request
   * has got its error.
   */
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

  /** Emits once, when it has ended: the reason, or `undefined` after `close()`. Replayed. */
  get closed$(): Observable<SerfError | undefined> {
    return this.closing.asObservable()
  }

  get frames$(): Observable<Frame> {
    return this.router.frames$.asObservable()
  }

  /** The local port, which names the connection in the agent's log. */
  get localPort(): number | undefined {
    return this.socket && 'localPort' in this.socket
      ? (this.socket.localPort as number | undefined)
      : undefined
  }

  /**
   * Cold: each subscription makes a request of its own. `limit` is how long its reply may take, in ms; 0 is
   * no limit.
   */
  run<T>(call: Call<T>, limit?: number): Observable<T> {
    return new Observable((subscriber) => this.start(call, subscriber, limit))
  }

  /** Makes a request for one subscriber. */
  start<T>(
    call: Call<T>,
    subscriber: Subscriber<T>,
    limit = limitOf(call, this.options),
  ): Request<T> | undefined {
    if (this.endReason) {
      this.refusals.refuse(subscriber, errorForCommand(call.command, this.endReason))
      return undefined
    }
    const request = new Request(call, this.router.nextSeq(), limit, this, subscriber)
    this.router.add(request)
    this.writeQueue.add(request)
    // While the agent does not read, the time of a request starts before it is written.
    if (!request.sent && this.writeQueue.blocked) this.deadlines.start(request, limit)
    this.dial()
    return request
  }

  /** Errors when this connection ends, or at once if it has ended. */
  ended(command: string): Observable<never> {
    return this.closed$.pipe(
      map(() => {
        throw errorForCommand(command, this.endReason ?? connectionClosed(this.address))
      }),
    )
  }

  readonly responder = (id: number | bigint, payload?: Payload): Observable<void> => {
    const call = respondCall(id, payload)
    return traced(
      call,
      () => this.address,
      (subscriber) => {
        if (!this.endReason) return this.start(call, subscriber)
        // The id is valid on this connection alone, so it is lost however the connection ended.
        const lost = connectionLost(this.address, false, this.endReason)
        this.refusals.refuse(subscriber, errorForCommand(call.command, lost))
        return undefined
      },
    )
  }

  startTimeout(request: Expiring, limit: number): void {
    this.deadlines.start(request, limit)
  }

  expectHangUp(): void {
    this.hangUpExpected = true
  }

  expectEnd(): void {
    this.endExpected = true
  }

  /** Keeps the process alive while the connection is open, as it does at first. */
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

  /** Ends the connection as lost because the peer is silent, although the system has reported no loss. */
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
    // Nobody waits for the reply to `stop`. It is ignored, like late records of the stream.
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
        // The socket may be open, and this process was too busy to notice.
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
    // A socket that answers within `write` may do so while a chunk is being decoded: then its chunk has to
    // wait.
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

  /** @param closedWith What `closed$` emits. */
  private end(reason: SerfError, closedWith: SerfError | undefined): void {
    if (this.endReason) return
    this.endReason = reason
    this.dialTimer?.cancel()
    this.decoder.stop()
    this.writeQueue.close()
    this.deadlines.stop()
    this.reading?.unsubscribe()
    // An agent hangs up over a bad pattern. The request that it was working on is the one to blame.
    const hungUp = reason.code === 'CONNECTION_LOST' && !this.hangUpExpected
    const culprit = hungUp ? this.router.current : undefined
    const asked = closedWith === undefined || this.endExpected
    this.router.end((request) => {
      // An end that the user asked for, by `close()` or `leave()`, completes endless requests.
      if (asked && request.call.traits.endless) return undefined
      return request === culprit && request.call.risky
        ? patternRefused(this.address, request)
        : errorForCommand(request.call.command, reason)
    })
    this.closing.next(closedWith)
    this.closing.complete()
  }
}
