import { Observable, type Subscriber, Subscription } from 'rxjs'
import type { Channel } from '../connection/channel'
import { errorForCommand } from '../connection/connection-errors'
import { NO_DEADLINE } from '../connection/deadlines'
import type { SerfError } from '../errors'
import { timedOutWaiting } from './connection-errors'
import type { SharedConnection } from './shared-connection'
import type { Waiter } from './waiters'

/**
 * Emits each connection of a client, beginning with the present one. It makes the client dial and reconnect
 * and keeps the process alive, as a stream does. Completes when the client is closed. Errors when there will
 * be no connection; messages name `command`.
 * @param limit How long the first connection may take, in ms; 0 is no limit.
 */
export function connectionsOf(
  connection: SharedConnection,
  command: string,
  limit: number,
): Observable<Channel> {
  return new Observable((subscriber) => {
    const waiter = new ConnectionWaiter(connection, command, limit, subscriber)
    subscriber.add(() => waiter.stop())
    waiter.start()
  })
}

class ConnectionWaiter implements Waiter {
  deadline = NO_DEADLINE
  linked = false
  before: Waiter | undefined
  after: Waiter | undefined
  #limit: number
  readonly #ends = new Subscription()

  constructor(
    private readonly connection: SharedConnection,
    private readonly command: string,
    private readonly firstLimit: number,
    private readonly subscriber: Subscriber<Channel>,
  ) {
    this.#limit = firstLimit
  }

  start(): void {
    this.connection.attach(this)
    this.#connect()
  }

  stop(): void {
    this.#ends.unsubscribe()
    this.connection.detach(this)
  }

  survives(): boolean {
    return true
  }

  onConnected(channel: Channel): void {
    this.#limit = 0
    this.subscriber.next(channel)
    this.#ends.add(channel.closed$.subscribe(() => this.#onEnd(channel)))
  }

  fail(error: SerfError): void {
    if (this.connection.status === 'closed') this.subscriber.complete()
    else this.subscriber.error(errorForCommand(this.command, error))
  }

  expire(): void {
    const { addresses, lastError } = this.connection
    this.subscriber.error(timedOutWaiting(this.command, addresses, this.firstLimit, false, lastError))
  }

  #onEnd(channel: Channel): void {
    this.connection.reportEnd(channel)
    if (channel.endReason && !this.connection.reconnects) this.fail(channel.endReason)
    else this.#connect()
  }

  #connect(): void {
    const { finalError } = this.connection
    const channel = this.connection.ready()
    if (finalError) this.fail(finalError)
    else if (channel) this.onConnected(channel)
    else this.connection.wait(this, this.#limit)
  }
}
