import { EMPTY, NEVER, Observable, of, throwError, timer, type ObservableInput } from 'rxjs'
import { map } from 'rxjs'
import type { MemberEvent, QueryEvent, UserEvent } from '../../lib/events/event'
import { respond, type RespondOptions } from '../../lib/events/respond'
import type { Payload } from '../../lib/payload'
import { marbles } from '../support/time/marbles'
import { memberEvent, queryEvent, userEvent } from '../support/observe/sample-events'

const broken = new Error('broken on purpose')

/** What other libraries have for an Observable, as rxjs takes it. */
function foreign(value: string): ObservableInput<string> {
  return { '@@observable': () => of(value) } as unknown as ObservableInput<string>
}

/** Runs one query through `respond`; gives what was sent and what came out. */
async function answer(
  project: Parameters<typeof respond<QueryEvent>>[0],
  options: RespondOptions<QueryEvent> = {},
  refuse: (payload: Payload | undefined) => Error | undefined = () => undefined,
): Promise<{ sent: (Payload | undefined)[]; passed: number; error?: unknown }> {
  const sent: (Payload | undefined)[] = []
  const event = queryEvent('upcase', 'foo', (payload) => {
    const reason = refuse(payload)
    if (reason !== undefined) return throwError(() => reason)
    return new Observable((subscriber) => {
      sent.push(payload)
      subscriber.next()
      subscriber.complete()
    })
  })
  const result = { sent, passed: 0 }
  return new Promise((resolve) => {
    of(event)
      .pipe(respond(project, options))
      .subscribe({
        next: (passed) => {
          expect(passed).toBe(event)
          result.passed += 1
        },
        error: (error: unknown) => resolve({ ...result, error }),
        complete: () => resolve(result),
      })
  })
}

describe('respond', () => {
  describe('takes as the answer', () => {
    const bytes = Uint8Array.of(0, 255)
    it.each<[string, Payload | ObservableInput<Payload>, Payload]>([
      ['a string, whole', 'FOO', 'FOO'],
      ['an empty string', '', ''],
      ['a Uint8Array, whole', bytes, bytes],
      ['a promise', Promise.resolve('FOO'), 'FOO'],
      ['an Observable of one', of('FOO'), 'FOO'],
      ['the first of many', of('FOO', 'BAR'), 'FOO'],
      ['the first of one that never ends', new Observable((to) => to.next('FOO')), 'FOO'],
      ['the first of a list', ['FOO', 'BAR'], 'FOO'],
      ['an Observable of another library', foreign('FOO'), 'FOO'],
      ['the first of a stream', new Blob(['FOO']).stream(), Buffer.from('FOO')],
      [
        'the first of a generator',
        (function* () {
          yield bytes
        })(),
        bytes,
      ],
      [
        'the first of an async generator',
        (async function* () {
          yield await Promise.resolve('FOO')
        })(),
        'FOO',
      ],
    ])('%s', async (_name, given, expected) => {
      expect(await answer(() => given)).toEqual({ sent: [expected], passed: 1 })
    })
  })

  describe('takes for no answer, and passes the query on,', () => {
    it.each<[string, Parameters<typeof respond<QueryEvent>>[0]]>([
      ['undefined', () => undefined],
      ['a function without result', () => {}],
      ['a promise of undefined', async () => {}],
      ['an Observable that ends empty', () => EMPTY],
      ['undefined as the first value', () => of(undefined, 'FOO')],
      ['an empty list', () => []],
    ])('%s', async (_name, project) => {
      expect(await answer(project)).toEqual({ sent: [], passed: 1 })
    })
  })

  it.each([
    ['a number', 7, '7'],
    ['null', null, 'null'],
    ['an object', {}, 'an object'],
    ['a Date', new Date(), 'an object'],
    ['a promise of an object', Promise.resolve({}), 'an object'],
    ['a list of numbers', [7], '7'],
  ])('refuses %s as an answer, and says what it may be', async (_name, given, named) => {
    const { sent, error } = await answer(() => given as unknown as string)
    expect(sent).toEqual([])
    expect(error).toEqual(
      new TypeError(
        'respond: an answer is a string, a Uint8Array, undefined for none, or a promise or an Observable of one, ' +
          `not ${named}`,
      ),
    )
  })

  it('refuses what can never answer at the call', () => {
    expect(() => respond('FOO' as never)).toThrow(
      new TypeError('respond: project must be a function, not "FOO"'),
    )
    expect(() => respond(() => 'FOO', { onEror: () => 'BAR' } as never)).toThrow(
      new TypeError('the options of respond: there is no "onEror"; valid: onError'),
    )
    expect(() => respond(() => 'FOO', { onError: 'BAR' } as never)).toThrow(
      new TypeError('respond: onError must be a function, not "BAR"'),
    )
  })

  it('gives the event to project', async () => {
    expect(await answer((event) => event.text.toUpperCase())).toEqual({ sent: ['FOO'], passed: 1 })
  })

  describe('without onError', () => {
    it.each<[string, () => Payload | ObservableInput<Payload>]>([
      [
        'throws',
        () => {
          throw broken
        },
      ],
      ['rejects', () => Promise.reject(broken)],
      ['errors', () => throwError(() => broken)],
    ])('errors when project %s', async (_name, project) => {
      expect(await answer(project)).toEqual({ sent: [], passed: 0, error: broken })
    })

    it('errors when the sending does', async () => {
      expect(
        await answer(
          () => 'FOO',
          {},
          () => broken,
        ),
      ).toEqual({ sent: [], passed: 0, error: broken })
    })
  })

  describe('with onError', () => {
    it('sends what it gives instead, and tells it the error and the event', async () => {
      const told: unknown[] = []
      const onError = (error: unknown, event: QueryEvent): string => {
        told.push(error, event.name)
        return 'failed'
      }
      expect(await answer(() => Promise.reject(broken), { onError })).toEqual({ sent: ['failed'], passed: 1 })
      expect(told).toEqual([broken, 'upcase'])
    })

    it('sends nothing when it gives nothing', async () => {
      expect(
        await answer(
          () => {
            throw broken
          },
          { onError: () => undefined },
        ),
      ).toEqual({ sent: [], passed: 1 })
      expect(
        await answer(
          () => {
            throw broken
          },
          { onError: () => {} },
        ),
      ).toEqual({ sent: [], passed: 1 })
    })

    it('answers for a failed sending too', async () => {
      const tooBig = (payload: Payload | undefined): Error | undefined =>
        payload === 'too big' ? broken : undefined
      expect(await answer(() => 'too big', { onError: () => 'small' }, tooBig)).toEqual({
        sent: ['small'],
        passed: 1,
      })
    })

    it('is called again when its own answer cannot be sent either, and the pipeline goes on', async () => {
      const told: unknown[] = []
      const late = new Error('past the deadline')
      const onError = (error: unknown): string => {
        told.push(error)
        return 'failed'
      }
      const refuse = (): Error => late
      expect(
        await answer(
          () => {
            throw broken
          },
          { onError },
          refuse,
        ),
      ).toEqual({ sent: [], passed: 1 })
      expect(told).toEqual([broken, late])
    })

    it('errors the pipeline with what it throws', async () => {
      const worse = new Error('worse')
      const onError = (): never => {
        throw worse
      }
      expect(await answer(() => Promise.reject(broken), { onError })).toEqual({
        sent: [],
        passed: 0,
        error: worse,
      })
    })
  })

  describe('in time', () => {
    const values = { a: queryEvent('a'), b: queryEvent('b'), c: queryEvent('c') }
    const slow = (event: QueryEvent): Observable<string> =>
      timer(event.name === 'a' ? 5 : 1).pipe(map(() => 'x'))

    it.each([
      ['never', '-', '-'],
      ['empty', '-|', '-|'],
      ['one, after its answer, also past the end of the source', 'a-|', '-----(a|)'],
      ['many at once: a slow one holds up none', 'ab-c-|', '--b-c(a|)'],
      ['an error at once, whatever is under way', 'a-#', '--#'],
    ])('passes on %s', (_name, source, expected) => {
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot(source, values).pipe(respond(slow))).toBe(expected, values)
      })
    })

    it('passes on what is no query as it is, without delay', () => {
      marbles(({ hot, expectObservable }) => {
        type Mixed = MemberEvent | QueryEvent | UserEvent
        const mixed = { ...values, u: userEvent('u'), m: memberEvent('member-join') }
        expectObservable(hot<Mixed>('-aum---|', mixed).pipe(respond(slow))).toBe('--um--a|', mixed)
      })
    })

    it('passes an event on only when it has been sent', () => {
      marbles(({ hot, cold, expectObservable }) => {
        const event = queryEvent('a', '', () => cold('---(u|)', { u: undefined }))
        expectObservable(hot('-a-|', { a: event }).pipe(respond(() => 'x'))).toBe('----(a|)', { a: event })
      })
    })

    it('ends what is under way when it is unsubscribed', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const source = hot('-a------', values)
        const working = cold('-----x')
        expectObservable(source.pipe(respond(() => working)), '^--!').toBe('----')
        expectSubscriptions(source.subscriptions).toBe('^--!')
        expectSubscriptions(working.subscriptions).toBe('-^-!')
      })
    })

    it('lets go of project once it has the first value', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const working = cold('--x--x--')
        expectObservable(hot('a|', values).pipe(respond(() => working))).toBe('--(a|)', values)
        expectSubscriptions(working.subscriptions).toBe('^-!')
      })
    })

    it('answers for each of two subscribers', () => {
      marbles(({ cold, expectObservable }) => {
        const answered = cold('a-b|', values).pipe(respond(slow))
        expectObservable(answered).toBe('---b-(a|)', values)
        expectObservable(answered, '-^').toBe('----b-(a|)', values)
      })
    })

    it('waits for ever for a project that never answers', () => {
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot('a|', values).pipe(respond(() => NEVER))).toBe('-')
      })
    })
  })
})
