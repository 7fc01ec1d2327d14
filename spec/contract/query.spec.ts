import { catchError, EMPTY, mergeMap, type Observable, take, tap } from 'rxjs'
import { Connection, type QueryEvent, type QueryResponse } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { oddNames } from '../support/agents/odd-names'
import { listening, observe } from '../support/observe/recording'
import { freePort } from '../support/agents/free-port'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { allAnswersOf } from '../support/observe/all-answers'
import { valueOf, valuesOf } from '../support/observe/values'

/** Only a query whose answer got lost sits out the timeout. */
const everyone = { timeout: 4_000, until: 'everyone' } as const

/** What answers the queries of this file on each agent. */
class Resident {
  readonly asked: QueryEvent[] = []

  constructor(readonly connection: Connection) {}

  static async on(agent: Agent): Promise<Resident> {
    const resident = new Resident(await opened(agent))
    await listening(
      resident.connection,
      resident.connection.stream('query').pipe(
        tap((query) => resident.asked.push(query)),
        // The asker may have disconnected by now.
        mergeMap((query) => resident.#answer(query, agent.name).pipe(catchError(() => EMPTY))),
      ),
    )
    return resident
  }

  #answer(query: QueryEvent, name: string): Observable<void> {
    if (query.name === 'who') return query.respond(name)
    if (query.name === 'reverse') return query.respond(query.payload.reverse())
    if (query.name === 'nothing') return query.respond()
    return EMPTY
  }
}

describe.each(agentKinds)('query, on $kind', ({ startCluster }) => {
  let cluster: readonly [Agent, Agent, Agent]
  let connection: Connection
  let residents: Resident[]

  beforeAll(async () => {
    cluster = await startCluster(
      { name: 'web-1', tags: { role: 'web', zone: 'a' }, authKey: 'key' },
      { name: 'web-2', tags: { role: 'web', zone: 'b' } },
      { name: 'db-3', tags: { role: 'db' } },
    )
    connection = await opened(cluster[0])
    residents = await Promise.all(cluster.map((agent) => Resident.on(agent)))
  })
  afterAll(async () => {
    for (const resident of residents) resident.connection.close()
    connection.close()
    await stopAll(...cluster)
  })

  const sorted = <T extends { from: string }>(answers: T[]) =>
    answers.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))

  const namesOf = (answers: { from: string }[]) => sorted(answers).map(({ from }) => from)

  const response = (from: string, payload: string | Uint8Array) => ({
    type: 'response',
    from,
    payload: Buffer.from(payload as string),
  })

  describe('answers', () => {
    it('come from every member', async () => {
      const answers = sorted(await allAnswersOf(3, connection.query('who', undefined, everyone)))

      expect(answers).toEqual(['db-3', 'web-1', 'web-2'].map((name) => response(name, name)))
      expect(answers.map(({ text }) => text)).toEqual(['db-3', 'web-1', 'web-2'])
    })

    it('and the payload carry any bytes', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)

      const answers = sorted(await allAnswersOf(3, connection.query('reverse', bytes, everyone)))

      const reversed = bytes.slice().reverse()
      expect(answers).toEqual(['db-3', 'web-1', 'web-2'].map((name) => response(name, reversed)))
    })

    it('and the payload carry any text', async () => {
      const query$ = connection.query('reverse', 'nü☃', { ...everyone, filterNodes: ['web-2'] })

      const [answer] = await allAnswersOf(1, query$)

      expect(answer?.payload.reverse().toString()).toBe('nü☃')
    })

    it('may be empty: then the payload is an empty Buffer', async () => {
      const answers = sorted(await allAnswersOf(3, connection.query('nothing', '', everyone)))

      expect(answers).toEqual(['db-3', 'web-1', 'web-2'].map((name) => response(name, '')))
      expect(answers.map(({ text }) => text)).toEqual(['', '', ''])
    })

    it('come with acks where they are requested', async () => {
      const query$ = connection.query('who', undefined, { ...everyone, requestAck: true })

      const answers = await allAnswersOf(6, query$)

      const acks = answers.filter(({ type }) => type === 'ack')
      const responses = answers.filter((answer): answer is QueryResponse => answer.type === 'response')
      expect(sorted(acks)).toEqual(['db-3', 'web-1', 'web-2'].map((from) => ({ type: 'ack', from })))
      expect(namesOf(responses)).toEqual(['db-3', 'web-1', 'web-2'])
    })

    it.each([1, 255])('come through %d others too', async (relayFactor) => {
      const query$ = connection.query('who', undefined, { ...everyone, relayFactor })

      const answers = await allAnswersOf(3, query$)

      expect(namesOf(answers)).toEqual(['db-3', 'web-1', 'web-2'])
    })

    it('come to each subscription, which sends a query of its own', async () => {
      const query$ = connection.query('who', undefined, everyone)

      const [first, second] = await Promise.all([allAnswersOf(3, query$), allAnswersOf(3, query$)])

      expect(namesOf(first)).toEqual(['db-3', 'web-1', 'web-2'])
      expect(namesOf(second)).toEqual(['db-3', 'web-1', 'web-2'])
    })

    it('that nobody waits for disturb no other command', async () => {
      const [first] = await allAnswersOf(
        1,
        connection.query('who', undefined, { timeout: 4_000 }).pipe(take(1)),
      )

      expect(['db-3', 'web-1', 'web-2']).toContain(first?.from)
      expect(await allAnswersOf(3, connection.query('who', undefined, everyone))).toHaveLength(3)
      expect(await valueOf(connection.members())).toHaveLength(3)
    })
  })

  describe('the end', () => {
    it('comes at the deadline', async () => {
      // In milliseconds: as nanoseconds nobody could answer in time, as seconds this would not end.
      const answers = await allAnswersOf(3, connection.query('who', undefined, { timeout: 4_000 }))

      expect(namesOf(answers)).toEqual(['db-3', 'web-1', 'web-2'])
    })

    it("comes at the agent's own deadline by default", async () => {
      const answers = await valuesOf(connection.query('who'))

      expect(answers).toContainEqual(response('web-1', 'web-1'))
    })

    it.each([1, 100.5])('comes when nobody answers within %d ms', async (timeout) => {
      expect(await valuesOf(connection.query('silence', undefined, { timeout }))).toEqual([])
      expect(await valueOf(connection.members())).toHaveLength(3)
    })

    it('comes at the deadline with everyone too, if a node does not answer', async () => {
      const query$ = connection.query('silence', undefined, { timeout: 300, until: 'everyone' })

      expect(await valuesOf(query$)).toEqual([])
    })

    it('may be far in the future: nanoseconds are integers on the wire, and milliseconds fit a timer', async () => {
      // One that waits for nothing else, so that the timer it sets is that of the query.
      using patient = await opened(cluster[0], { timeout: 0 })
      const timers = jest.spyOn(globalThis, 'setTimeout')
      // An answer that is relayed comes twice, so that it hardly gets lost.
      using query = observe(patient.query('who', undefined, { timeout: 2 ** 31 - 1, relayFactor: 1 }))

      await until('all answers', () => query.values.length === 3)
      const delays = timers.mock.calls.map(([, delay]) => delay ?? 0)
      timers.mockRestore()

      expect(Math.max(...delays)).toBe(2 ** 31 - 1)
      expect(query.completed).toBe(false)
      expect(await valueOf(patient.members())).toHaveLength(3)
    })
  })

  describe('filters', () => {
    it.each([
      { filter: { filterNodes: ['web-2'] }, expected: ['web-2'] },
      { filter: { filterNodes: ['db-3', 'web-1', 'nobody'] }, expected: ['db-3', 'web-1'] },
      { filter: { filterTags: { role: 'web' } }, expected: ['web-1', 'web-2'] },
      { filter: { filterTags: { role: 'e' } }, expected: ['web-1', 'web-2'] },
      { filter: { filterTags: { role: '^(db|b)$' } }, expected: ['db-3'] },
      { filter: { filterTags: { zone: '^$' } }, expected: ['db-3'] },
      { filter: { filterTags: { role: 'web', zone: 'b|c' } }, expected: ['web-2'] },
      { filter: { filterNodes: ['web-1', 'db-3'], filterTags: { role: 'w' } }, expected: ['web-1'] },
      { filter: { filterNodes: [], filterTags: { role: 'w' } }, expected: [] },
      { filter: { filterTags: {} }, expected: ['db-3', 'web-1', 'web-2'] },
    ])('of $filter.filterNodes and $filter.filterTags ask $expected', async ({ filter, expected }) => {
      const asked = residents.map((resident) => resident.asked.length)

      const query$ = connection.query('who', undefined, { ...everyone, ...filter })

      expect(namesOf(await allAnswersOf(expected.length, query$))).toEqual(expected)
      const askedNow = cluster
        .filter((_, index) => (residents[index]?.asked.length ?? 0) > (asked[index] ?? 0))
        .map(({ name }) => name)
      expect(askedNow.sort()).toEqual(expected)
    })

    it('that name nobody send nothing', async () => {
      const elsewhere = new Connection({ host: '127.0.0.1', port: await freePort(), authKey: '' })
      expect(await valuesOf(elsewhere.query('who', undefined, { filterNodes: [] }))).toEqual([])
      expect(elsewhere.closed).toBe(false)
      elsewhere.close()

      using frames = observe(connection.frames$)
      expect(await valuesOf(connection.query('who', undefined, { filterNodes: [] }))).toEqual([])
      await valueOf(connection.stats())
      expect(frames.values).toHaveLength(1)
    })

    it('that name an unknown node ask nobody: the query ends at the deadline, or at once with everyone', async () => {
      const stranger = { filterNodes: ['nobody'] }

      expect(await valuesOf(connection.query('who', '', { ...stranger, timeout: 200 }))).toEqual([])
      const query$ = connection.query('who', '', { ...stranger, timeout: 2 ** 31 - 1, until: 'everyone' })
      expect(await valuesOf(query$)).toEqual([])
    })

    it('with a bad pattern ask nobody, without an error, because the agent reports none', async () => {
      const query$ = connection.query('who', '', { filterTags: { role: '(' }, timeout: 200 })

      expect(await valuesOf(query$)).toEqual([])
    })

    it('with a bad pattern are an error with everyone, and the connection goes on', async () => {
      const query$ = connection.query('who', '', { ...everyone, filterTags: { role: '(' } })

      const refusal = await refusalOf(cluster[0], query$)

      expect(refusal).toMatchObject({ code: 'INVALID_FILTER' })
      expect(connection.closed).toBe(false)
      expect(await valueOf(connection.members())).toHaveLength(3)
    })
  })

  describe('names and limits', () => {
    it.each(oddNames)('can have the name %j', async (name) => {
      await valuesOf(connection.query(name, 'here', { timeout: 50, filterNodes: ['web-1'] }))

      const asked = await until('the query', () => residents[0]?.asked.find((query) => query.name === name))
      expect(asked.text).toBe('here')
    })

    it("_serf_ping, one of Serf's own, is acknowledged by all", async () => {
      const query$ = connection.query('_serf_ping', undefined, { timeout: 4_000, requestAck: true })

      const acks = await allAnswersOf(3, query$.pipe(take(3)))

      expect(sorted(acks)).toEqual(['db-3', 'web-1', 'web-2'].map((from) => ({ type: 'ack', from })))
    })

    it("is refused for any other of Serf's own names, and the connection goes on", async () => {
      const refusal = await refusalOf(cluster[0], connection.query('_serf_other'))

      expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'query', body: undefined })
      expect(refusal.message).toContain("Queries cannot contain the '_serf_' prefix")
      expect(await valueOf(connection.members())).toHaveLength(3)
    })

    it('is refused beyond 1024 bytes, and the connection goes on', async () => {
      const refusal = await refusalOf(cluster[0], connection.query('big', 'x'.repeat(1024)))

      expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'query', body: undefined })
      expect(refusal.message).toContain('query exceeds limit of 1024 bytes')
      const fits$ = connection.query('reverse', 'x'.repeat(880), { ...everyone, filterNodes: ['db-3'] })
      expect(await allAnswersOf(1, fits$)).toEqual([response('db-3', 'x'.repeat(880))])
    })

    it('is refused at the call without a name, or for numbers that the wire cannot carry', () => {
      expect(() => connection.query('')).toThrow(TypeError)
      for (const timeout of [0, 0.5, -1, NaN, Infinity, 2 ** 31]) {
        expect(() => connection.query('who', '', { timeout })).toThrow(RangeError)
      }
      for (const relayFactor of [-1, 0.5, 256, NaN]) {
        expect(() => connection.query('who', '', { relayFactor })).toThrow(RangeError)
      }
      expect(() => connection.query('who', '', { filterNodes: [''] })).toThrow(TypeError)
    })
  })
})
