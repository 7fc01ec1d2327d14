import fc from 'fast-check'
import { Subject } from 'rxjs'
import type { QueryOptions } from 'serfx'
import { earlyEndOf, endingAt, nodesIn } from '../../../lib/connection/queries/query-end'
import { observe } from '../../support/observe/recording'
import { ack, type Answer, response } from '../../support/peers/query-runner'
import { thrown } from '../../support/observe/thrown'

describe('a share of the nodes', () => {
  it.each([
    [0.28, 25, 7],
    [0.9, 10, 9],
    [0.91, 10, 10],
    [0.1 + 0.2, 10, 3],
    [0.07, 100, 7],
    [1 / 3, 3, 1],
    [2 / 3, 3, 2],
    [0.001, 10, 1],
    [Number.MIN_VALUE, 10, 1],
    [1, 7, 7],
    [0.5, 0, 0],
  ])('%d of %d is %d', (share, count, expected) => expect(nodesIn(share, count)).toBe(expected))

  it('is what whole numbers give, for every percentage', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (mille, count) => {
          expect(nodesIn(mille / 1_000, count)).toBe(Math.floor((mille * count + 999) / 1_000))
        },
      ),
    )
  })
})

// The fake `setImmediate` takes the next millisecond for the next turn.
const JUST = 2

describe('a query until it is quiet', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  function ask(options: QueryOptions) {
    const answers$ = new Subject<Answer>()
    const end = earlyEndOf(options)
    if (!end) throw new Error('no early end')
    return { answers$, seen: observe(answers$.pipe(endingAt(end, ['a', 'b']))) }
  }

  it('completes after that time without an answer, counted from the first answer', () => {
    const { answers$, seen } = ask({ until: { quiet: 100 } })
    jest.advanceTimersByTime(5_000)
    answers$.next(response('a'))
    jest.advanceTimersByTime(99)
    answers$.next(response('b'))
    jest.advanceTimersByTime(99)
    expect(seen.completed).toBe(false)
    jest.advanceTimersByTime(JUST)
    expect(seen).toMatchObject({ completed: true, values: [response('a'), response('b')] })
    expect(answers$.observed).toBe(false)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('counts an ack as an answer, but not a second one of a node', () => {
    const { answers$, seen } = ask({ until: { quiet: 100 }, requestAck: true })
    answers$.next(ack('x'))
    jest.advanceTimersByTime(60)
    answers$.next(ack('a'))
    jest.advanceTimersByTime(60)
    expect(seen.completed).toBe(false)
    answers$.next(ack('a'))
    jest.advanceTimersByTime(39 + JUST)
    expect(seen).toMatchObject({ completed: true, values: [ack('x'), ack('a')] })
  })

  it('counts what came while the process was busy', () => {
    const { answers$, seen } = ask({ until: { quiet: 100 } })
    answers$.next(response('a'))
    jest.advanceTimersToNextTimer() // the time is over, and the socket is read before the next turn
    expect(seen.completed).toBe(false)
    answers$.next(response('b'))
    jest.advanceTimersByTime(99)
    expect(seen.completed).toBe(false)
    jest.advanceTimersByTime(JUST)
    expect(seen).toMatchObject({ completed: true, values: [response('a'), response('b')] })
  })

  it('ends earlier with the query, with an error, and with another end', () => {
    const over = ask({ until: { quiet: 100 } })
    over.answers$.next(response('a'))
    over.answers$.complete()
    expect(over.seen.completed).toBe(true)
    const failed = ask({ until: { quiet: 100 } })
    failed.answers$.next(response('a'))
    failed.answers$.error(new Error('lost'))
    expect(failed.seen.error).toEqual(new Error('lost'))
    const enough = ask({ until: { quiet: 100, responses: 2 } })
    enough.answers$.next(response('a'))
    enough.answers$.next(response('b'))
    expect(enough.seen.completed).toBe(true)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('leaves no timer when it is unsubscribed', () => {
    const { answers$, seen } = ask({ until: { quiet: 100 } })
    answers$.next(response('a'))
    seen.unsubscribe()
    expect(jest.getTimerCount()).toBe(0)
    expect(answers$.observed).toBe(false)
  })
})

describe('an invalid option until', () => {
  it.each<[unknown, Error]>([
    [{}, new RangeError('the option until must have at least one of responses, share, quiet')],
    [
      { responses: undefined },
      new RangeError('the option until must have at least one of responses, share, quiet'),
    ],
    [
      { responses: 0 },
      new RangeError('until.responses must be an integer from 1 to 9007199254740991, not 0'),
    ],
    [
      { responses: 1.5 },
      new RangeError('until.responses must be an integer from 1 to 9007199254740991, not 1.5'),
    ],
    [{ share: 0 }, new RangeError('until.share must be above 0 and at most 1, not 0')],
    [{ share: 90 }, new RangeError('until.share must be above 0 and at most 1, not 90')],
    [{ share: NaN }, new RangeError('until.share must be above 0 and at most 1, not NaN')],
    [{ share: '90%' }, new TypeError('until.share must be a number, not "90%"')],
    [{ quiet: 0 }, new RangeError('until.quiet must be from 1 to 2147483647 ms, not 0')],
    [{ quiet: 0.5 }, new RangeError('until.quiet must be from 1 to 2147483647 ms, not 0.5')],
    [
      { share: 1, nodes: 3 },
      new TypeError('the option until: there is no "nodes"; valid: responses, share, quiet'),
    ],
    [
      'first',
      new TypeError(
        'the option until must be "deadline", "everyone" or an object of responses, share, quiet, not "first"',
      ),
    ],
    [null, new TypeError('the option until must be an object, not null')],
    [[1], new TypeError('the option until must be an object, not an array')],
  ])('is refused: %j', (until, error) => {
    expect(thrown(() => earlyEndOf({ until: until as QueryOptions['until'] }))).toEqual(error)
  })
})
