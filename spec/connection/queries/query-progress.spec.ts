import { defer, EMPTY, of, Subject, take, tap } from 'rxjs'
import { type Member, type QueryOptions, type QueryProgress } from 'serfx'
import { progressOf } from '../../../lib/connection/queries/query-progress'
import { observe } from '../../support/observe/recording'
import { ack, type Answer, listed, queryRunner, response } from '../../support/peers/query-runner'
import { settle } from '../../support/time/settle'

function ask(members: Member[] | Error, options?: QueryOptions) {
  const { agent, asked, answerWith } = queryRunner(members)
  const answers$ = new Subject<Answer>()
  answerWith(answers$)
  const progress$ = progressOf(agent, 'q', undefined, options ?? {})
  return { answers$, asked, progress$, answerWith }
}

const shown = ({ asked, acks, responses, missing, done }: QueryProgress) =>
  `${asked.join('')}: ${[...acks].join('')} ${[...responses.keys()].join('')} -${missing.join('')}${done ? ' done' : ''}`

describe('the progress of a query', () => {
  it('begins with everybody missing before it is sent, and ends when everybody has answered', async () => {
    const { answers$, progress$, answerWith } = ask(listed('b', 'c', 'a', 'd failed'))
    const log: string[] = []
    answerWith(defer(() => (log.push('sent'), answers$)))
    const seen = observe(progress$.pipe(tap(() => log.push('shown'))))
    expect(log).toEqual(['shown', 'sent'])
    answers$.next(response('c', 'C'))
    await settle()
    answers$.next(response('a', 'A'))
    answers$.next(response('a', 'again'))
    answers$.next(response('x'))
    await settle()
    answers$.next(response('b'))
    expect(seen.values.map(shown)).toEqual([
      'abc:   -abc',
      'abc:  c -ab',
      'abc:  cax -b',
      'abc:  caxb - done',
    ])
    expect(seen.values.at(-1)?.responses.get('a')?.text).toBe('A')
    expect(seen.completed).toBe(true)
    expect(answers$.observed).toBe(false)
    await settle()
    expect(seen.values).toHaveLength(4)
  })

  it('has the acks and waits for them when they are requested', async () => {
    const { answers$, progress$ } = ask(listed('a', 'b'), { requestAck: true })
    const seen = observe(progress$)
    for (const answer of [ack('a'), response('a'), response('b')]) answers$.next(answer)
    await settle()
    answers$.next(ack('b'))
    expect(seen.values.map(shown)).toEqual(['ab:   -ab', 'ab: a ab -', 'ab: ab ab - done'])
  })

  it('says who is missing when the query ends without them', () => {
    const { answers$, progress$ } = ask(listed('a', 'b'))
    const seen = observe(progress$)
    answers$.next(response('b'))
    answers$.complete()
    expect(seen.values.map(shown)).toEqual(['ab:   -ab', 'ab:  b -a done'])
    expect(seen.completed).toBe(true)
  })

  it.each<[QueryOptions['until'], string]>([
    ['deadline', 'abc:  abc - done'],
    [{ responses: 1 }, 'abc:  a -bc done'],
    [{ share: 0.5 }, 'abc:  ab -c done'],
  ])('ends as the option until says: %j', (until, last) => {
    const { answerWith, progress$ } = ask(listed('a', 'b', 'c'), { until })
    answerWith(of(response('a'), response('b'), response('b'), response('c')))
    expect(observe(progress$).values.map(shown)).toEqual(['abc:   -abc', last])
  })

  it('keeps the first response of a node where the second is emitted too', () => {
    const { answerWith, progress$ } = ask(listed('a'), { until: 'deadline' })
    answerWith(of(response('a', 'first'), response('a', 'second')))
    expect(observe(progress$).values.at(-1)?.responses.get('a')?.text).toBe('first')
  })

  it.each([
    ['no node', {}, ['a failed']],
    ['no name', { filterNodes: [] as string[] }, ['a']],
    ['no name that is there', { filterNodes: ['b'] }, ['a']],
  ])('is one value, done, where there is %s to ask', (_what, options, members) => {
    const { answers$, progress$ } = ask(listed(...members), options)
    const seen = observe(progress$)
    expect(seen.values.map(shown)).toEqual([':   - done'])
    expect(seen.completed).toBe(true)
    expect(answers$.observed).toBe(false)
  })

  it('refuses at the call an option that does not exist, by its own name', () => {
    expect(() => ask([], { timout: 5 } as QueryOptions)).toThrow(
      'the options of queryProgress: there is no "timout"',
    )
    expect(() => ask([], { until: null as never })).toThrow('the option until must be an object, not null')
  })

  it('tells what has come before an error, and then no end', () => {
    const { answers$, progress$ } = ask(listed('a', 'b'))
    const seen = observe(progress$)
    answers$.next(response('b'))
    answers$.error(new Error('lost'))
    expect(seen.values.map(shown)).toEqual(['ab:   -ab', 'ab:  b -a'])
    expect(seen.error).toEqual(new Error('lost'))
    const refused = observe(ask(new Error('refused')).progress$)
    expect(refused).toMatchObject({ values: [], error: new Error('refused') })
  })

  it('sends nothing when it is left at the first value, and shows nothing once it is left', async () => {
    const { answers$, progress$, answerWith } = ask(listed('a', 'b'))
    let sent = 0
    answerWith(answers$.pipe(tap({ subscribe: () => sent++ })))
    expect(observe(progress$.pipe(take(1))).completed).toBe(true)
    expect(sent).toBe(0)
    const seen = observe(progress$)
    answers$.next(response('a'))
    seen.unsubscribe()
    await settle()
    expect(seen.values).toHaveLength(1)
    expect(answers$.observed).toBe(false)
  })

  it('is a snapshot each time, and begins anew for each subscriber', async () => {
    const { answers$, progress$ } = ask(listed('a', 'b'))
    const first = observe(progress$)
    answers$.next(response('a'))
    await settle()
    const second = observe(progress$)
    answers$.next(response('b'))
    expect(first.values.map(shown)).toEqual(['ab:   -ab', 'ab:  a -b', 'ab:  ab - done'])
    expect(second.values.map(shown)).toEqual(['ab:   -ab'])
    answers$.next(response('a'))
    expect(second.values.map(shown)).toEqual(['ab:   -ab', 'ab:  ba - done'])
  })

  it('copies once for all that comes together, however much', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `node-${index}`)
    const { answers$, progress$, answerWith } = ask(listed(...names), { requestAck: true })
    const seen = observe(progress$)
    for (const name of names) answers$.next(ack(name))
    await settle()
    for (const name of names) answers$.next(response(name))
    expect(
      seen.values.map(({ acks, responses, missing }) => [acks.size, responses.size, missing.length]),
    ).toEqual([
      [0, 0, 5_000],
      [5_000, 0, 5_000],
      [5_000, 5_000, 0],
    ])
    answerWith(EMPTY)
    expect(observe(progress$).values).toHaveLength(2)
  })
})
