import type { LogLevel } from '../../protocol/replies'

/** How many past lines a monitor gets. */
const KEPT = 512
export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'err']
const LEVELS = LOG_LEVELS.map((level) => level.toUpperCase())

export type LogFilter = (line: string) => boolean

/** The agent's log: the last lines, and its followers. */
export class Log {
  readonly followers = new Set<(line: string) => void>()
  #lines: string[] = []
  #second = NaN
  #time = ''

  write(level: LogLevel, text: string): void {
    const line = `${this.#now()} [${level.toUpperCase()}] ${text.replace(/\n$/, '')}`
    this.#lines.push(line)
    if (this.#lines.length >= 2 * KEPT) this.#lines = this.#lines.slice(-KEPT)
    for (const follow of this.followers) follow(line)
  }

  /** The last lines, as many as an agent keeps. */
  get past(): readonly string[] {
    return this.#lines.slice(-KEPT)
  }

  clear(): void {
    this.#lines = []
  }

  /** Formatted only once a second, as each event writes a line or two. */
  #now(): string {
    const second = Math.floor(Date.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#time = timeText(new Date())
    }
    return this.#time
  }
}

/**
 * The filter of a monitor with this level, in capitals; `undefined` if there is no such level. A line without
 * a level passes.
 */
export function logFilter(level: string): LogFilter | undefined {
  const least = LEVELS.findIndex((known) => known === level)
  if (least < 0) return undefined
  return (line) => {
    const found = LEVELS.findIndex((known) => known === /\[(\w+)\]/.exec(line)?.[1])
    return found < 0 || found >= least
  }
}

/** `2026/11/24 03:09:49`, local time, as Go's log package has it. */
function timeText(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('/')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
