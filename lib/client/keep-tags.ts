import {
  catchError,
  defer,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  map,
  Observable,
  of,
  repeat,
  ReplaySubject,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs'
import { dictionary } from '../arguments'
import type { Channel } from '../connection/channel'
import { TimeoutError } from '../errors'
import { sameTags } from './same-member'

/** The tags of a node, by name. */
export type Tags = Record<string, string>

/** Sets tags and removes others, as the command `tags` does. */
type SetTags = (set: Tags, remove: readonly string[]) => Observable<void>

export const checkedTags = (tags: Tags): Tags => dictionary(tags, 'the tags of keepTags')

/**
 * Keeps the newest of `tags$` set on the agent that each of `connections$` leads to. See `Client.keepTags`.
 */
export function keepTagsOn(
  connections$: Observable<Channel>,
  tags$: Observable<Tags>,
  setTags: SetTags,
): Observable<void> {
  return new Observable((subscriber) => {
    const newest$ = new ReplaySubject<Tags>(1)
    const keeper = new TagKeeper(setTags)
    subscriber.add(
      tags$.pipe(map(checkedTags), distinctUntilChanged(sameTags)).subscribe({
        next: (tags) => newest$.next(tags),
        error: (error: unknown) => subscriber.error(error),
      }),
    )
    if (subscriber.closed) return
    subscriber.add(
      connections$.pipe(switchMap((channel) => keeper.keepOn(channel, newest$))).subscribe(subscriber),
    )
  })
}

class TagKeeper {
  /** The keys that this keeper may have set on the agent. */
  #keys = new Set<string>()
  /** Whether tags have been set at all. */
  #accepted = false

  constructor(private readonly setTags: SetTags) {}

  keepOn(channel: Channel, newest$: Observable<Tags>): Observable<void> {
    return newest$.pipe(
      newestInTurn((tags) => this.#set(tags)),
      catchError((error: unknown) => {
        // As good as lost, as for a stream: the agent completed the handshake and answered nothing after it.
        if (error instanceof TimeoutError && this.#accepted) channel.destroy(error)
        if (channel.closed) return EMPTY // the next connection sets them again
        throw error
      }),
      takeUntil(channel.closed$),
    )
  }

  #set(tags: Tags): Observable<void> {
    return defer(() => {
      const removed = [...this.#keys].filter((key) => !Object.hasOwn(tags, key))
      for (const key of Object.keys(tags)) this.#keys.add(key)
      return this.setTags(tags, removed)
    }).pipe(
      tap(() => {
        this.#keys = new Set(Object.keys(tags))
        this.#accepted = true
      }),
    )
  }
}

/** Like `concatMap`, but only the newest of the waiting values is kept. */
function newestInTurn<T extends object, R>(project: (value: T) => Observable<R>) {
  return (source$: Observable<T>): Observable<R> =>
    defer(() => {
      let newest: T | undefined
      return source$.pipe(
        tap((value) => (newest = value)),
        exhaustMap((first) => {
          let current = first
          const run$ = defer(() => project((current = newest ?? current)))
          return run$.pipe(repeat({ delay: () => (newest === current ? EMPTY : of(undefined)) }))
        }),
      )
    })
}
