import { map, type Observable, pairwise, startWith, tap } from 'rxjs'
import type { Connection, QueryProgress } from 'serfx'
import { printable } from '../terminal/printable'

/** The members with this tag. */
export interface Wave {
  tag: string
  value: string
}

/** The progress of a wave. */
export interface Progress {
  wave: Wave
  /** How many members it has, how many have acked the query, and how many are done. */
  members: number
  acks: number
  done: number
  /**
   * The names of members that have acked since the last value, and of those that are done since then. Absent
   * at the start.
   */
  news?: { acked: string[]; finished: string[] }
  /** Whether the wave is over. */
  over: boolean
}

export interface Deployment {
  version: string
  /** Milliseconds that a wave may take. */
  timeout: number
}

/** A pattern for exactly this value. It is anchored, because the tag patterns of a query match anywhere. */
const exactly = (value: string) => `^(?:${value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')})$`

/**
 * Asks the members of a wave to deploy, and emits its progress. Errors at the first answer that is not `ok`,
 * and at the deadline when members have not answered. So waves that are subscribed one after another stop
 * there.
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
