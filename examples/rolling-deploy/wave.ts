import { concat, defer, EMPTY, map, type Observable, of, switchMap, throwError } from 'rxjs'
import type { Connection, Member, QueryAck, QueryResponse } from 'serfx'
import { printable } from '../terminal/printable'

/** The members with this tag. */
export interface Wave {
  tag: string
  value: string
}

/** How far a wave is. */
export interface Progress {
  wave: Wave
  /** How many members it has, how many have the query, and how many are done. */
  members: number
  acks: number
  done: number
  /** What has just come; nothing at the start. */
  news?: QueryAck | QueryResponse
}

export interface Deployment {
  version: string
  /** Milliseconds that a wave may take. */
  timeout: number
}

/** The value as it is, where Serf takes a pattern: anchored, as the tags of a query match anywhere. */
const exactly = (value: string) => `^(?:${value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')})$`

/**
 * Asks the members of a wave to deploy, and emits how far they are. Errors with the first member that does not answer `ok`, and at the
 * deadline with all that have not answered: whoever subscribes waves one after another stops there.
 */
export function deployTo(
  { membersFiltered, query }: Connection,
  wave: Wave,
  { version, timeout }: Deployment,
): Observable<Progress> {
  const tags = { [wave.tag]: exactly(wave.value) }
  return membersFiltered({ status: 'alive', tags }).pipe(
    switchMap((members) => {
      if (members.length === 0)
        return throwError(() => new Error(`no alive member has the tag ${wave.tag}=${wave.value}`))
      const records$ = query('deploy', version, {
        filterTags: tags,
        requestAck: true,
        timeout,
        until: 'everyone',
      })
      return follow(wave, members, records$)
    }),
  )
}

function follow(
  wave: Wave,
  members: readonly Member[],
  records$: Observable<QueryAck | QueryResponse>,
): Observable<Progress> {
  return defer(() => {
    const [acked, done] = [new Set<string>(), new Set<string>()]
    const progress = (): Progress => ({ wave, members: members.length, acks: acked.size, done: done.size })
    const answers$ = records$.pipe(
      map((record) => {
        if (record.type === 'response' && record.text.trim() !== 'ok')
          throw new Error(`${printable(record.from)} failed: ${printable(record.text)}`)
        ;(record.type === 'ack' ? acked : done).add(record.from)
        return { ...progress(), news: record }
      }),
    )
    const silent$ = defer(() => {
      const silent = members.map(({ name }) => name).filter((name) => !done.has(name))
      if (silent.length === 0) return EMPTY
      return throwError(() => new Error(`no answer in time from ${silent.map(printable).join(', ')}`))
    })
    return concat(of(progress()), answers$, silent$)
  })
}
