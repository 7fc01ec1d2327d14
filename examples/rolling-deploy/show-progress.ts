import { bar } from '../terminal/bar'
import { printable } from '../terminal/printable'
import type { Progress } from './wave'

const WIDTH = 30
const RETURN_AND_CLEAR = '\r\x1b[K'

/**
 * On a terminal, a growing bar for each wave; elsewhere, as in a log, a line for each member that acks or is
 * done.
 */
export function showProgress(progress: Progress, terminal: boolean): string {
  const { wave, members, acks, done, news, over } = progress
  const title = (count: number) => `${wave.tag}=${wave.value} ${count}/${members}`
  if (terminal) {
    const grown = bar(done / members, WIDTH).padEnd(WIDTH, '·')
    return `${RETURN_AND_CLEAR}${title(done)} ${grown} ${acks} got it${over ? '\n' : ''}`
  }
  if (!news) return `${title(done)}: begins\n`
  const { acked, finished } = news
  const before = done - finished.length
  return [
    ...acked.map((name) => `${title(before)}: ${printable(name)} got it\n`),
    ...finished.map((name, index) => `${title(before + index + 1)}: ${printable(name)} is done\n`),
  ].join('')
}
