import { firstValueFrom, type Observable, Subscription } from 'rxjs'
import { type Client, createClient, SerfError } from '../../../lib'
import { SerfAgent } from '../agents/serf-agent'
import { until } from '../time/until'

/** What became of the requests. */
export interface Tally {
  sent: number
  answered: number
  /** How many failed, by the code of the error. */
  failed: Map<string, number>
  /** Errors that are not of serfx. */
  untyped: unknown[]
  /** Requests that never ended. */
  lost: number
  /** Answered twice, or a user event delivered twice. */
  duplicates: number
}

const SUBSCRIPTIONS = 100
const FILTERS = 20
/** How many replies an agent gives before it is killed again. */
const ANSWERS = 100
/** How many times a second requests are sent. */
const TICKS = 100

/**
 * One client under load, whose agent is killed and started again: 100 live subscriptions, and requests of
 * every kind.
 */
export class RestartStorm {
  readonly tally: Tally = { sent: 0, answered: 0, failed: new Map(), untyped: [], lost: 0, duplicates: 0 }
  readonly client: Client
  restarts = 0
  readonly #live = new Subscription()
  readonly #pending = new Set<Observable<unknown>>()
  /** The markers that the first subscription has seen, and the last one of each. */
  readonly #seen = new Set<string>()
  readonly #latest = new Array<string>(SUBSCRIPTIONS).fill('')
  readonly #streamErrors: unknown[] = []
  #ticker: NodeJS.Timeout | undefined
  #marker = 0

  private constructor(private agent: SerfAgent) {
    this.client = createClient({
      host: agent.host,
      port: agent.port,
      timeout: 20_000,
      reconnect: { initialDelay: 10, maxDelay: 100 },
    })
    this.#latest.forEach((_, index) => {
      const filter = ['user', `user:tag-${index % FILTERS}`] as const
      this.#live.add(
        this.client.stream(filter).subscribe({
          next: ({ text }) => {
            if (text === this.#latest[index] || (index === 0 && this.#seen.has(text))) this.tally.duplicates++
            if (index === 0) this.#seen.add(text)
            this.#latest[index] = text
          },
          error: (error: unknown) => this.#streamErrors.push(error),
        }),
      )
    })
  }

  static async start(): Promise<RestartStorm> {
    const storm = new RestartStorm(await SerfAgent.start({ name: 'storm' }))
    // Before there has been a connection a failed dial is an error.
    await firstValueFrom(storm.client.members())
    return storm
  }

  /** Sends `rate` requests a second until `calm` is called. */
  blow(rate: number): void {
    this.#ticker = setInterval(() => {
      for (let count = 0; count < rate / TICKS; count++) this.#request()
    }, 1_000 / TICKS)
  }

  calm(): void {
    clearInterval(this.#ticker)
  }

  async restart(): Promise<void> {
    const { agent } = this
    // The agent may have crashed before, as agents do when streams come and go under load.
    await agent.stop().catch(() => undefined)
    const bindPort = Number(agent.gossip.split(':')[1])
    this.agent = await SerfAgent.start({ name: 'storm', port: agent.port, bindPort })
    this.restarts++
    const { answered } = this.tally
    await until('requests are answered again', () => this.tally.answered > answered + ANSWERS)
  }

  /** Resolves when every request has ended and every stream has shown that it is live. */
  async settle(): Promise<void> {
    this.calm()
    await until('every request has ended', () => this.#pending.size === 0, 30_000).catch(() => undefined)
    this.tally.lost = this.#pending.size
    const last = this.#marker
    await until('every stream is live', () => {
      if (this.#streamErrors.length > 0) throw new Error('a stream ended', { cause: this.#streamErrors[0] })
      const marker = `${++this.#marker}`
      this.#track(this.client.event('storm', marker, { coalesce: false }))
      return this.#latest.every((latest) => Number(latest) > last)
    })
    await until('the last events are answered', () => this.#pending.size === 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.calm()
    this.#live.unsubscribe()
    this.client.close()
    await this.agent.stop().catch(() => undefined)
  }

  /** Sends the next request. The kinds take turns, and most are cheap. */
  #request(): void {
    const { client } = this
    const turn = this.tally.sent % 50
    if (turn === 0) this.#track(client.membersFiltered({ name: 'st.*' }))
    else if (turn === 1) this.#track(client.query('ask', '', { timeout: 100 }), true)
    else if (turn === 2) this.#track(client.tags({ turn: `${this.tally.sent}` }))
    else if (turn < 8) this.#track(client.event('storm', `${++this.#marker}`, { coalesce: false }))
    else if (turn < 18) this.#track(client.getCoordinate('storm'))
    else if (turn < 30) this.#track(client.stats())
    else this.#track(client.members())
  }

  #track(request$: Observable<unknown>, mayBeEmpty = false): void {
    const { tally } = this
    let values = 0
    tally.sent++
    this.#pending.add(request$)
    request$.subscribe({
      next: () => values++,
      complete: () => {
        if (values > 1) tally.duplicates++
        if (values === 1 || mayBeEmpty) tally.answered++
        this.#pending.delete(request$)
      },
      error: (error: unknown) => {
        if (values > 0 && !mayBeEmpty) tally.duplicates++
        if (error instanceof SerfError) tally.failed.set(error.code, (tally.failed.get(error.code) ?? 0) + 1)
        else tally.untyped.push(error)
        this.#pending.delete(request$)
      },
    })
  }
}
