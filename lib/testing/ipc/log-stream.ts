import type { LogFilter } from '../cluster/log'
import { logRecord } from '../wire/records'
import { Backlog } from './backlog'
import type { Reply } from './reply'

/** The `monitor` of one client. */
export class LogStream {
  readonly #backlog: Backlog<string>

  constructor(
    /** The seq of the request `monitor`. */
    readonly seq: number | bigint,
    private readonly filter: LogFilter,
    reply: Reply,
  ) {
    this.#backlog = new Backlog(
      () => reply.writable,
      (line) => reply.succeed(logRecord(line)),
    )
  }

  /** Sends or keeps a line that passes the filter. One too many is dropped. */
  readonly follow = (line: string): void => {
    if (this.filter(line)) this.#backlog.offer(line)
  }

  get drained(): boolean {
    return this.#backlog.empty
  }

  flush(): void {
    this.#backlog.flush()
  }
}
