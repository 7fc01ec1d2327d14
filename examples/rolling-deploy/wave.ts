import { map, type Observable, pairwise, startWith, tap } from 'rxjs'
import type { Connection, QueryProgress } from 'serfx'
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
  /** What is new: the names of those that have got the query, and of those that are done. Absent at the start. */
  news?: { acked: string[]; finished: string[] }
  /** Whether the wave is over. */
  over: boolean
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
  { queryProgress }: Connection,
  wave: Wave,
  { version, timeout }: Deployment,
): Observable<Progress> {
  const filterTags = { [wave.tag]: exactly(wave.value) }
  return queryProgress('deploy', version, { filterTags, requestAck: true, timeout }).pipe(
    tap((progress) => expectSuccess(wave, progress)),
    startWith(undefined),
    pairwise(),
    map(([before, now]) => progressOf(wave, before, now as QueryProgress)),
  )
}

function expectSuccess({ tag, value }: Wave, { asked, responses, missing, done }: QueryProgress): void {
  if (asked.length === 0) throw new Error(`no alive member has the tag ${tag}=${value}`)
  for (const { from, text } of responses.values())
    if (text.trim() !== 'ok') throw new Error(`${printable(from)} failed: ${printable(text)}`)
  if (done && missing.length > 0)
    throw new Error(`no answer in time from ${missing.map(printable).join(', ')}`)
}

function progressOf(wave: Wave, before: QueryProgress | undefined, now: QueryProgress): Progress {
  const { asked, acks, responses, missing, done } = now
  const state = {
    wave,
    members: asked.length,
    acks: acks.size,
    done: asked.length - missing.length,
    over: done,
  }
  if (!before) return state
  const acked = [...acks].filter((name) => !before.acks.has(name))
  const finished = [...responses.keys()].filter((name) => !before.responses.has(name))
  return { ...state, news: { acked, finished } }
}
