import type { Duplex } from 'node:stream'
import { AsyncSubject, defer, map, Observable, type Subscription, throwError } from 'rxjs'
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
  endingFor,
  notTheProtocol,
  patternRefused,
} from './endings'
import { addressOf, limitOf, type ResolvedOptions } from './options'
import { Outbox } from './outbox'
import { type Carrier, Request } from './request'
import { SeqRouter } from './seq-router'
import { holdProcess, openSocket } from './socket'
import { Vigil } from './vigil'

/**
 * One socket and all that is said over it: calls go out, frames come in and find their way by seq. It is dialled by the first call that
 * is subscribed, ends once, and is never dialled again.
 */
export class Channel implements Carrier {
  readonly address: string
  private readonly router = new SeqRouter()
  private readonly vigil = new Vigil()
  private readonly outbox = new Outbox(() => this.wrote())
  private readonly deadlines: Deadlines
  private readonly decoder: FrameDecoder
  private readonly closing = new AsyncSubject<SerfError | undefined>()
  private socket: Duplex | undefined
  private reading: Subscription | undefined
  private dialTimer: Timer | undefined
  private dialled = false
  private held = true
  /** When bytes came last, by the clock. */
  heardAt = 0
  private receiving = false
  private hangUpExpected = false
  private readonly arrived: Buffer[] = []
  /** Why it has ended, `close()` included; told at once, where `closed$` waits until every request has its error. */
  ending: SerfError | undefined

  constructor(
    readonly options: ResolvedOptions,
    private readonly clock: Clock = systemClock,
  ) {
    this.address = addressOf(options.address)
    this.deadlines = new Deadlines(clock, () => this.router.waiting)
    this.decoder = new FrameDecoder(options.maxFrameBytes, this.router)
  }

  get closed(): boolean {
    return this.ending !== undefined
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
      if (this.ending) {
        subscriber.error(endingFor(call.command, this.ending))
        return
      }
      const request = new Request(call, this.router.nextSeq(), limit, this, subscriber)
      this.router.add(request)
      this.outbox.put(request)
      this.dial()
      return request
    })
  }

  /** Errors when this connection ends, at once if it has. */
  ended(command: string): Observable<never> {
    return this.closed$.pipe(
      map(() => {
        throw endingFor(command, this.ending ?? connectionClosed(this.address))
      }),
    )
  }

  readonly responder = (id: number | bigint, payload?: Payload): Observable<void> => {
    const call = respondCall(id, payload)
    return defer(() =>
      this.ending
        ? // The id means nothing on any other connection, however this one ended.
          throwError(() => endingFor(call.command, connectionLost(this.address, false, this.ending)))
        : this.run(call),
    )
  }

  allow(request: Expiring, limit: number): void {
    this.deadlines.start(request, limit)
  }

  expectHangUp(): void {
    this.hangUpExpected = true
  }

  /** Whether it keeps the process alive while it is open, as it does at first. */
  hold(held: boolean): void {
    if (this.held === held) return
    this.held = held
    if (this.socket) holdProcess(this.socket, held)
  }

  /** Takes it for lost, although the system has not said so: the peer is silent. */
  giveUp(cause: unknown): void {
    this.fail(connectionLost(this.address, this.decoder.midFrame, cause))
  }

  close(): void {
    this.end(connectionClosed(this.address), undefined)
  }

  release(request: Request<unknown>): void {
    this.deadlines.clear(request)
    this.router.remove(request)
    if (!request.stopDue || this.ending) return
    // Nobody waits for the reply to this: like late records of the stream, it is passed over.
    const stop = (writer: Writer) =>
      writeRequest(writer, 'stop', this.router.nextSeq(), { Stop: request.seq })
    this.outbox.put({ over: false, depart: stop })
  }

  private dial(): void {
    if (this.dialled) return
    this.dialled = true
    const { timeout } = this.options
    if (timeout > 0) {
      this.dialTimer = this.clock.after(timeout, () => this.fail(dialTimedOut(this.address, timeout)))
    }
    this.reading = openSocket(this.options, (socket) => this.opened(socket)).subscribe({
      next: (chunk) => this.receive(chunk),
      error: (error: unknown) => this.lost(error),
      complete: () => this.lost(),
    })
    if (this.ending) this.reading.unsubscribe()
  }

  private opened(socket: Duplex): void {
    this.dialTimer?.cancel()
    this.socket = socket
    this.heardAt = this.clock.now()
    if (!this.held) holdProcess(socket, false)
    this.outbox.open(socket)
  }

  private wrote(): void {
    if (this.deadlines.running === 1) this.vigil.begin()
  }

  private receive(chunk: Buffer): void {
    this.heardAt = this.clock.now()
    this.vigil.end()
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
  }

  private lost(cause?: unknown): void {
    if (!this.socket) this.fail(dialFailed(this.address, cause))
    else this.fail(connectionLost(this.address, this.decoder.midFrame, cause))
  }

  private fail(ending: SerfError): void {
    this.end(ending, ending)
  }

  private end(ending: SerfError, told: SerfError | undefined): void {
    if (this.ending) return
    this.ending = ending
    this.dialTimer?.cancel()
    this.decoder.stop()
    this.outbox.close()
    this.vigil.end()
    this.deadlines.stop()
    this.reading?.unsubscribe()
    const mayBlame = ending.code === 'CONNECTION_LOST' && !this.hangUpExpected
    const culprit = mayBlame ? this.router.current : undefined
    this.router.end((request) =>
      request === culprit && request.call.risky()
        ? patternRefused(this.address, request)
        : endingFor(request.call.command, ending),
    )
    this.closing.next(told)
    this.closing.complete()
  }
}
