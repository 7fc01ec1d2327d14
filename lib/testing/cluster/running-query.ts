/** A query in progress at one node. The node answers once, through any of its clients. */
export class RunningQuery {
  over = false
  #responded = false
  readonly #endings: (() => void)[] = []

  constructor(
    readonly name: string,
    readonly payload: Buffer | null,
    readonly ltime: number,
    /** Delivers the answer of the node; returns why that failed. */
    private readonly deliver: (payload: Buffer) => string | undefined,
  ) {}

  /** Answers for the node; returns why that failed, in Serf's words. */
  respond(payload: Buffer): string | undefined {
    if (this.#responded) return 'response already sent'
    if (this.over) return 'response is past the deadline'
    const failure = this.deliver(payload)
    this.#responded = failure === undefined
    return failure
  }

  /** Calls back at the deadline. */
  onEnd(callback: () => void): void {
    this.#endings.push(callback)
  }

  end(): void {
    this.over = true
    for (const callback of this.#endings) callback()
  }
}
