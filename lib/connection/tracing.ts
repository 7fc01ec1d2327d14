/** What serfx tells through `node:diagnostics_channel`. Without a listener it costs a check for each subscription. */
import { AsyncResource } from 'node:async_hooks'
import { channel, tracingChannel } from 'node:diagnostics_channel'
import { Observable, type Subscriber } from 'rxjs'
import type { Call } from '../protocol/calls'

/**
 * One command of one subscriber, as `tracingChannel('serfx:command')` tells it: `start` when it is subscribed, `error` when it errors,
 * `asyncEnd` once at its end, always with the same object. It holds no payload, key or body.
 */
export interface CommandTrace {
  /** The command as the wire names it: `members-filtered`. */
  command: string
  /** `host:port` of the agent; while a client has no connection, all its addresses. */
  address: string
  /** How many values it has emitted. */
  values: number
  /** Set at the end. A command of one reply is `completed` once its reply came, also when it is unsubscribed at that. */
  outcome?: 'completed' | 'errored' | 'unsubscribed'
  /** Set before `error`. */
  error?: unknown
}

/** A status of a client, as the channel `serfx:connection` tells it. */
export interface ConnectionTrace {
  addresses: readonly string[]
  status: 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closed'
  /** Why the connection was lost, or could not be made. */
  error?: unknown
}

/** A gap of a client's streams, as the channel `serfx:gap` tells it. */
export interface GapTrace {
  addresses: readonly string[]
  reason: 'reconnected' | 'dropped'
  at: Date
}

const commands = tracingChannel<CommandTrace>('serfx:command')
const connections = channel('serfx:connection')
const gaps = channel('serfx:gap')

export function traceConnection(trace: ConnectionTrace): void {
  if (connections.hasSubscribers) connections.publish(trace)
}

export function traceGap(trace: GapTrace): void {
  if (gaps.hasSubscribers) gaps.publish(trace)
}

/** The same Observable, of which each subscription is traced. */
export function traced<T>(call: Call<T>, address: () => string, values$: Observable<T>): Observable<T> {
  return new Observable((subscriber) =>
    commands.hasSubscribers ? trace(call, address, values$, subscriber) : values$.subscribe(subscriber),
  )
}

function trace<T>(
  call: Call<T>,
  address: () => string,
  values$: Observable<T>,
  subscriber: Subscriber<T>,
): () => void {
  const context: CommandTrace = { command: call.command, address: address(), values: 0 }
  const end = (outcome: NonNullable<CommandTrace['outcome']>, error?: unknown): void => {
    if (context.outcome !== undefined) return
    context.outcome = outcome
    context.address = address()
    if (outcome === 'errored') {
      context.error = error
      commands.error.publish(context)
    }
    commands.asyncStart.publish(context)
    commands.asyncEnd.publish(context)
  }
  const subscription = commands.start.runStores(context, () => {
    // Values arrive in the async context of the socket. This one is the subscriber's, as `start` left it.
    const scope = new AsyncResource('serfx:command')
    return values$.subscribe({
      next: (value) => {
        if (subscriber.closed) return
        context.values++
        scope.runInAsyncScope(() => subscriber.next(value))
      },
      error: (error: unknown) => {
        end('errored', error)
        scope.runInAsyncScope(() => subscriber.error(error))
      },
      complete: () => {
        end('completed')
        scope.runInAsyncScope(() => subscriber.complete())
      },
    })
  })
  commands.end.publish(context)
  return () => {
    subscription.unsubscribe()
    const replied = call.traits.reply !== 'records' && context.values > 0
    end(replied ? 'completed' : 'unsubscribed')
  }
}
