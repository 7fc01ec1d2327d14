import { defer, NEVER, type Observable, of, throwError } from 'rxjs'
import { TestScheduler, type RunHelpers } from 'rxjs/testing'
import { RpcError, type Member, type QueryAck, type QueryOptions, type QueryResponse } from 'serfx'
import { untilEveryone } from '../../lib/connection/everyone'
import type { Call } from '../../lib/protocol/calls'

type Answer = QueryAck | QueryResponse
const response = (from: string): Answer => ({ type: 'response', from, payload: Buffer.alloc(0), text: '' })
const ack = (from: string): Answer => ({ type: 'ack', from })
const answers = {
  a: response('a'),
  b: response('b'),
  c: response('c'),
  x: response('x'),
  A: ack('a'),
  B: ack('b'),
}

/** Members by name, with their status; alive unless it is said otherwise. */
const listed = (...names: string[]): Member[] =>
  names.map((entry) => {
    const [name = '', status = 'alive'] = entry.split(' ')
    return { name, status } as Member
  })

function play(
  members: Member[] | Error,
  options: QueryOptions,
  scene: (
    ask: (answers$: Observable<Answer>) => Observable<Answer>,
    helpers: RunHelpers,
    asked: string[],
  ) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected))
  scheduler.run((helpers) => {
    const asked: string[] = []
    const answer = (place: string) => (call: Call<never>) =>
      defer(() => {
        asked.push(`${place} ${call.command} ${JSON.stringify(call.body)}`)
        return (members instanceof Error ? throwError(() => members) : of(members)) as Observable<never>
      })
    const agent = { run: answer('here'), runApart: answer('apart') }
    scene((answers$) => untilEveryone(agent, options, answers$), helpers, asked)
  })
}

describe("a query with until: 'everyone'", () => {
  it('completes with the last answer of those that are alive', () => {
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

  it('emits what others say, and each answer once', () => {
    play(listed('a', 'b'), {}, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('xaxaab|', answers))).toBe('xa---(b|)', answers)
    })
  })

  it('ends with the query where somebody says nothing', () => {
    play(listed('a', 'b'), {}, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('--a------|', answers))).toBe('--a------|', answers)
    })
  })

  it('waits for acks too where these are asked for', () => {
    play(listed('a', 'b'), { requestAck: true }, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('-a-B-b-A-|', answers))).toBe('-a-B-b-(A|)', answers)
    })
  })

  it('waits for those alone whose names are given, and that are there', () => {
    play(listed('a', 'b'), { filterNodes: ['b', 'gone'] }, (ask, { cold, expectObservable }) => {
      expectObservable(ask(cold('-b-|', answers))).toBe('-(b|)', answers)
    })
  })

  it('asks nobody where nobody is to be asked', () => {
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

  it('asks the agent, apart, whom tags select, as a query selects them', () => {
    play(
      listed('a'),
      { filterTags: { role: 'e' }, filterNodes: ['a'] },
      (ask, { cold, expectObservable, flush }, asked) => {
        expectObservable(ask(cold('-a-|', answers))).toBe('-(a|)', answers)
        flush()
        expect(asked).toEqual([
          'apart members-filtered {"Tags":{"role":"(?s:.*)(?:e)(?s:.*)"},"Status":"(?s:.*)(?:alive)(?s:.*)"}',
        ])
      },
    )
  })

  it('errors where the members cannot be had, and where the query does', () => {
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
