import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import type * as rxjs from 'rxjs'
import { hasEnded, type JobState } from './job-state'
import { observe } from './observe'

/** A job without a supervisor ends unrecorded, so the state is looked up every so many ms. */
const POLL = 500
export function watchJob(path: string): rxjs.Observable<JobState> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only watch() needs rxjs
  const { Observable } = require('rxjs') as typeof rxjs
  return new Observable((subscriber) => {
    let last: string | undefined
    const look = () => {
      const { state } = observe(path)
      const text = JSON.stringify(state)
      if (text === last || subscriber.closed) return
      const isGone = state.status === 'absent' && last !== undefined
      last = text
      subscriber.next(state)
      if (isGone || hasEnded(state.status)) subscriber.complete()
    }
    // The watch comes before the first look, so that no change between the two is missed.
    const watcher = watchFolder(path, look)
    const timer = setInterval(look, POLL)
    subscriber.add(() => {
      watcher?.close()
      clearInterval(timer)
    })
    look()
  })
}

/**
 * Calls back when something happens to that file. Without a watch (no folder, or none left in the system)
 * there is only the poll.
 */
function watchFolder(path: string, changed: () => void): FSWatcher | undefined {
  const name = basename(path)
  try {
    const watcher = watch(dirname(path), (_event, file) => {
      if (file === null || file === name) changed()
    })
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}
