import { concat, defer, type Observable, of, scan, startWith, switchMap } from 'rxjs'
import type { Client, Payload, QueryOptions, QueryResponse } from 'serfx'

export interface QueryProgress {
  asked: readonly string[]
  acks: ReadonlySet<string>
  responses: ReadonlyMap<string, QueryResponse>
  missing: readonly string[]
  done: boolean
}

export function queryProgress(
  { membersFiltered, query }: Pick<Client, 'membersFiltered' | 'query'>,
  name: string,
  payload: Payload,
  options: QueryOptions,
): Observable<QueryProgress> {
  return defer(() => membersFiltered({ status: 'alive', tags: options.filterTags ?? {} })).pipe(
    switchMap((members) => {
      const names = members.map((member) => member.name)
      const nodes = options.filterNodes
      const asked = (nodes ? names.filter((name) => nodes.includes(name)) : names).sort()
      const first: QueryProgress = {
        asked,
        acks: new Set(),
        responses: new Map(),
        missing: asked,
        done: false,
      }
      const records$ = query(name, payload, { ...options, requestAck: true, until: 'everyone' })
      return concat(records$, of(undefined)).pipe(
        scan((progress: QueryProgress, record) => {
          if (record === undefined) return { ...progress, done: true }
          if (record.type === 'ack') return { ...progress, acks: new Set(progress.acks).add(record.from) }
          const responses = new Map(progress.responses).set(record.from, record)
          return { ...progress, responses, missing: asked.filter((name) => !responses.has(name)) }
        }, first),
        startWith(first),
      )
    }),
  )
}
