import type { Clock, Timer } from './clock'

/** Something that is to be told when its time is over. */
export interface Expiring {
  /** Its place among those that wait; nobody else's business. */
  deadline: Deadline | undefined
  expire(): void
}

/** A link in a line. */
interface Deadline {
  readonly line: Line
  readonly item: Expiring
  readonly due: number
  before: Deadline | undefined
  after: Deadline | undefined
}

/** Those that have been given the same time: the first to come is the first to expire. */
interface Line {
  readonly limit: number
  first: Deadline | undefined
  last: Deadline | undefined
  timer: Timer | undefined
}

/**
 * Deadlines of many requests with few timers: one for each length of time, not one for each request. A timer that finds the
 * first of its line not due yet is set anew, so a request that is answered in time costs no timer at all.
 */
export class Deadlines {
  private readonly lines = new Map<number, Line>()

  constructor(private readonly clock: Clock) {}

  /** Starts the time of `item`, in ms; 0 is no limit. What it had before is void. */
  start(item: Expiring, limit: number): void {
    this.clear(item)
    if (limit === 0) return
    const line = this.lines.get(limit) ?? this.open(limit)
    const deadline: Deadline = {
      line,
      item,
      due: this.clock.now() + limit,
      before: line.last,
      after: undefined,
    }
    item.deadline = deadline
    if (line.last) line.last.after = deadline
    else line.first = deadline
    line.last = deadline
    line.timer ??= this.clock.after(limit, () => this.due(line))
    if (line.first === deadline) line.timer.hold()
  }

  clear(item: Expiring): void {
    const { deadline } = item
    if (!deadline) return
    item.deadline = undefined
    const { line, before, after } = deadline
    if (before) before.after = after
    else line.first = after
    if (after) after.before = before
    else line.last = before
    // A dead link that has grown old would keep all the younger ones alive that it leads to.
    deadline.before = deadline.after = undefined
    if (!line.first) line.timer?.release()
  }

  /** Ends all without telling anyone. */
  stop(): void {
    for (const line of this.lines.values()) line.timer?.cancel()
    this.lines.clear()
  }

  private open(limit: number): Line {
    const line: Line = { limit, first: undefined, last: undefined, timer: undefined }
    this.lines.set(limit, line)
    return line
  }

  private due(line: Line): void {
    // Its timer, though it has fired, stays in its place meanwhile: whoever is told may begin anew, and shall set none.
    while (line.first && line.first.due <= this.clock.now()) {
      const { item } = line.first
      this.clear(item)
      item.expire()
    }
    if (line.first) {
      line.timer = this.clock.after(line.first.due - this.clock.now(), () => this.due(line))
      line.timer.hold()
    } else this.lines.delete(line.limit)
  }
}
