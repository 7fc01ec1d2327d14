import { bar } from '../terminal/bar'
import { printable } from '../terminal/printable'
import type { Progress } from './wave'

const WIDTH = 30
const RETURN_AND_CLEAR = '\r\x1b[K'

const titleOf = ({ wave, done, members }: Progress) => `${wave.tag}=${wave.value} ${done}/${members}`

/** On a terminal a bar a wave, which grows; elsewhere, in a log, a line for each piece of news. */
export function showProgress(progress: Progress, terminal: boolean): string {
  const { members, acks, done, news } = progress
  if (terminal) {
    const grown = bar(done / members, WIDTH).padEnd(WIDTH, '·')
    const end = done === members && acks === members ? '\n' : ''
    return `${RETURN_AND_CLEAR}${titleOf(progress)} ${grown} ${acks} got it${end}`
  }
  if (news === undefined) return `${titleOf(progress)}: begins\n`
  return `${titleOf(progress)}: ${printable(news.from)} ${news.type === 'ack' ? 'got it' : 'is done'}\n`
}
