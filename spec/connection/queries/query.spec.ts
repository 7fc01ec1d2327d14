import { NEVER, type Observable } from 'rxjs'
import type { RunHelpers } from 'rxjs/testing'
import { RpcError, type Member, type QueryOptions } from 'serfx'
import { queryOf } from '../../../lib/connection/queries/query'
import { ack, type Answer, listed, queryRunner, response } from '../../support/peers/query-runner'
import { marbles } from '../../support/time/marbles'

const answers = {
  a: response('a'),
  b: response('b'),
  c: response('c'),
  x: response('x'),
  A: ack('a'),
  B: ack('b'),
}

function play(
  members: Member[] | Error,
  options: QueryOptions,
  scene: (
    ask: (answers$: Observable<Answer>) => Observable<Answer>,
    helpers: RunHelpers,
    asked: string[],
  ) => void,
): void {
  marbles((helpers) => {
    const { agent, asked, answerWith } = queryRunner(members)
    scene(
      (answers$) => {
        answerWith(answers$)
        return queryOf(agent, 'q', undefined, { until: 'everyone', ...options })
      },
      helpers,
      asked,
    )
  })
}

describe("a query with until: 'everyone'", () => {
  it('completes with the last answer of the alive members', () => {
    play(
      listed('a', 'b', 'c failed', 'd left', 'e leaving'),
      {},
      (ask, { cold, expectObservable, expectSubscriptions, flush }, asked) => {
        const answers$ = cold('--a--b--c--|', answers)
        expectObservable(ask(answers$)).toBe('--a--(b|)', answers)
        expectSubscriptions(answers$.subscriptions).toBe('^----!')
        flush()
        expect(asked).toEqual(['here members undefined'])
      },
    )
  })

  it('emits answers of other nodes too, and each answer once', () => {
    play(listed('a', 'b'), {}, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('xaxaab|', answers))).toBe('xa---(b|)', answers)
    })
  })

  it('ends with the query when a node does not answer', () => {
    play(listed('a', 'b'), {}, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('--a------|', answers))).toBe('--a------|', answers)
    })
  })

  it('waits for acks too when they are requested', () => {
    play(listed('a', 'b'), { requestAck: true }, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('-a-B-b-A-|', answers))).toBe('-a-B-b-(A|)', answers)
    })
  })

  it('waits only for the named nodes that are members', () => {
    play(listed('a', 'b'), { filterNodes: ['b', 'gone'] }, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('-b-|', answers))).toBe('-(b|)', answers)
    })
  })

  it('completes without a query when no member is selected', () => {
    play(
      listed('a failed'),
      { filterNodes: ['a'] },
      (ask, { cold, expectObservable, expectSubscriptions }) => {
        const answers$ = cold('-a-|', answers)
        expectObservable(ask(answers$)).toBe('|')
        expectSubscriptions(answers$.subscriptions).toBe([])
      },
    )
  })

  it('asks the agent on a connection of its own which members the tags select', () => {
    play(
      listed('a'),
      { filterTags: { role: 'e' }, filterNodes: ['a'] },
      (ask, { cold, expectObservable, flush }, asked) => {
        expectObservable(ask(cold('-a-|', answers))).toBe('-(a|)', answers)
        flush()
        expect(asked).toEqual([
          'own connection members-filtered {"Tags":{"role":"(?s:.*)(?:e)(?s:.*)"},"Status":"(?s:.*)(?:alive)(?s:.*)"}',
        ])
      },
    )
  })

  it('errors when the list of members or the query errors', () => {
    const refused = new RpcError('no', { code: 'INVALID_FILTER', command: 'members-filtered', seq: 1 })
    play(refused, { filterTags: { role: '(' } }, (ask, { cold, expectObservable, expectSubscriptions }) => {
      const answers$ = cold('-a-|', answers)
      expectObservable(ask(answers$)).toBe('#', answers, refused)
      expectSubscriptions(answers$.subscriptions).toBe([])
    })
    play(listed('a', 'b'), {}, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('-a-#', answers, refused))).toBe('-a-#', answers, refused)
    })
  })

  it('stops listening when it is unsubscribed, and counts anew for each subscriber', () => {
    play(listed('a', 'b'), {}, (ask, { cold, expectObservable, expectSubscriptions }) => {
      const answers$ = cold('-a--b-|', answers)
      const all$ = ask(answers$)
      expectObservable(all$, '^--!').toBe('-a--', answers)
      expectObservable(all$).toBe('-a--(b|)', answers)
      expectSubscriptions(answers$.subscriptions).toBe(['^--!', '^---!'])
    })
  })

  it('does not begin before it is subscribed', () => {
    play(listed('a'), {}, (ask, _, asked) => {
      ask(NEVER)
      expect(asked).toEqual([])
    })
  })
})

describe('a query until so many responses', () => {
  const ask = (until: QueryOptions['until'], options: QueryOptions = {}) => ({ ...options, until })

  it.each([
    ['never', '-', '-'],
    ['empty', '--|', '--|'],
    ['fewer', '-a-|', '-a-|'],
    ['as many', '-a-b-c-|', '-a-(b|)'],
    ['of anybody', '-x-b-c-|', '-x-(b|)'],
    ['each node once', '-a-a-a-b-c|', '-a-----(b|)'],
    ['an error', '-a-#', '-a-#'],
  ])('%s, and asks nobody who is there', (_what, source, expected) => {
    play(listed('a', 'b', 'c'), ask({ responses: 2 }), (query, { cold, expectObservable, flush }, asked) => {
      expectObservable(query(cold(source, answers))).toBe(expected, answers)
      flush()
      expect(asked).toEqual([])
    })
  })

  it('counts no acks', () => {
    play(
      listed('a', 'b'),
      ask({ responses: 2 }, { requestAck: true }),
      (query, { cold, expectObservable }) => {
        expectObservable(query(cold('-A-B-a-A-b-c|', answers))).toBe('-A-B-a---(b|)', answers)
      },
    )
  })

  it('stops listening at its end, when it is unsubscribed, and counts anew for each subscriber', () => {
    play(
      listed('a', 'b'),
      ask({ responses: 2 }),
      (query, { cold, expectObservable, expectSubscriptions }) => {
        const answers$ = cold('-a--b-|', answers)
        const all$ = query(answers$)
        expectObservable(all$, '^--!').toBe('-a--', answers)
        expectObservable(all$).toBe('-a--(b|)', answers)
        expectSubscriptions(answers$.subscriptions).toBe(['^--!', '^---!'])
      },
    )
  })
})

describe('a query until a share of those asked', () => {
  it('completes with the response that makes it, and counts no others', () => {
    // Half of three is two. `x` was not asked, nor was `c`.
    play(listed('a', 'b', 'd', 'c failed'), { until: { share: 0.5 } }, (query, helpers, asked) => {
      const { cold, expectObservable, flush } = helpers
      expectObservable(query(cold('-x-c-a-a-b-|', answers))).toBe('-x-c-a---(b|)', answers)
      flush()
      expect(asked).toEqual(['here members undefined'])
    })
  })

  it('counts no acks, and no node twice', () => {
    play(listed('a', 'b'), { until: { share: 1 }, requestAck: true }, (query, { cold, expectObservable }) => {
      expectObservable(query(cold('-A-B-a-a-b-c|', answers))).toBe('-A-B-a---(b|)', answers)
    })
  })

  it('is a share of the members that the filters select', () => {
    const options: QueryOptions = { until: { share: 1 }, filterNodes: ['b'] }
    play(listed('a', 'b'), options, (query, { cold, expectObservable }) => {
      expectObservable(query(cold('-a-b-|', answers))).toBe('-a-(b|)', answers)
    })
  })

  it('completes without a query when no member is selected', () => {
    play(listed('a left'), { until: { share: 0.1 } }, (query, helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers
      const answers$ = cold('-a-|', answers)
      expectObservable(query(answers$)).toBe('|')
      expectSubscriptions(answers$.subscriptions).toBe([])
    })
  })

  it('ends with whichever comes first', () => {
    const members = listed('a', 'b', 'c', 'd')
    play(members, { until: { share: 0.5, responses: 3 } }, (query, { cold, expectObservable }) => {
      expectObservable(query(cold('-x-a-b-c-|', answers))).toBe('-x-a-(b|)', answers)
    })
    play(members, { until: { share: 1, responses: 3 } }, (query, { cold, expectObservable }) => {
      expectObservable(query(cold('-x-a-b-c-|', answers))).toBe('-x-a-(b|)', answers)
    })
  })
})
