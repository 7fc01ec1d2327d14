import {
  first,
  firstValueFrom,
  forkJoin,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  type Observable,
  race,
  repeat,
  switchMap,
  take,
  timeout,
  timer,
  toArray,
} from 'rxjs'
import { type Client, ofQuery, respond } from 'serfx'
import { bar } from '../terminal/bar'
import { printable } from '../terminal/printable'
import { table } from '../terminal/table'

/** The time limit of each step, in ms. Only a very busy machine needs it. */
const DEADLINE = 10_000

export interface Part {
  title: string
  /** The line of code that is shown. */
  code: string
  lines: (clients: readonly [Client, ...Client[]]) => Promise<string[]>
}

const all = <T>(source$: Observable<T>) => lastValueFrom(source$.pipe(toArray(), timeout(DEADLINE)))

const members: Part = {
  title: 'Members',
  code: 'members()',
  lines: async ([{ members }]) => {
    const list = await firstValueFrom(members())
    const rows = list.map(({ name, addr, port, status, tags }) => [
      name,
      `${addr}:${port}`,
      status,
      `${tags['role'] ?? ''}, ${tags['zone'] ?? ''}`,
    ])
    return table(rows.sort()).split('\n')
  },
}

const stream: Part = {
  title: 'A stream sees the event that another member fires',
  code: "stream('user:deploy')   and   event('deploy', 'v1.2.3', { coalesce: false })",
  lines: async ([client, other = client]) => {
    const events$ = client.stream('user:deploy').pipe(map(({ name, text }) => `${name}: ${text}`))
    const fire$ = client.stats().pipe(
      switchMap(() => other.event('deploy', 'v1.2.3', { coalesce: false })),
      ignoreElements(),
    )
    // An agent answers in order: its reply to `stats` shows that the stream is open.
    return all(merge(events$, fire$).pipe(take(1)))
  },
}

const query: Part = {
  title: 'A query, answered by all three',
  code: "query('upcase', 'hello', { until: 'everyone' })",
  lines: async (clients) => {
    const handlers$ = merge(
      ...clients.map(({ stream }, index) =>
        stream('query:upcase').pipe(
          ofQuery('upcase'),
          respond(({ text }) => `${text.toUpperCase()} number ${index + 1}`),
        ),
      ),
    ).pipe(ignoreElements())
    const answers$ = forkJoin(clients.map(({ stats }) => stats())).pipe(
      switchMap(() => clients[0].query('upcase', 'hello', { until: 'everyone' })),
      map(({ from, text }) => `${from} answers ${text}`),
      toArray(),
    )
    return firstValueFrom(race(handlers$, answers$).pipe(timeout(DEADLINE)))
  },
}

const monitor: Part = {
  title: 'The log of an agent',
  code: "monitor('info').pipe(take(4))",
  lines: async ([{ monitor }]) => (await all(monitor('info').pipe(take(4)))).map(printable),
}

const nearest: Part = {
  title: 'Round trips, estimated',
  code: 'nearest()',
  lines: async (clients) => {
    const everyone$ = clients[0].nearest().pipe(
      // A member has a coordinate after its first probes, about a second after it has joined.
      repeat({ delay: () => timer(100) }),
      first((list) => list.length === clients.length && list.some(({ rtt }) => rtt > 0)),
      timeout(DEADLINE),
    )
    const list = await firstValueFrom(everyone$)
    const longest = Math.max(...list.map(({ rtt }) => rtt))
    return table(
      list.map(({ member, rtt }) => [
        member.name,
        `${rtt.toFixed(2).padStart(6)} ms`,
        bar(rtt / longest, 30),
      ]),
    ).split('\n')
  },
}

export const PARTS: readonly Part[] = [members, stream, query, monitor, nearest]
