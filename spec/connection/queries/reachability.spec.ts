import { Subject } from 'rxjs'
import type { Member } from 'serfx'
import { reachabilityOf } from '../../../lib/connection/queries/reachability'
import { observe } from '../../support/observe/recording'
import { ack, type Answer, listed, queryRunner, response } from '../../support/peers/query-runner'

function ask(members: Member[] | Error) {
  const { agent, answerWith } = queryRunner(members)
  const answers$ = new Subject<Answer>()
  answerWith(answers$)
  return { answers$, reachability$: reachabilityOf(agent, { timeout: 100 }) }
}

describe('reachability', () => {
  it('is emitted when all alive members have acked', () => {
    const { answers$, reachability$ } = ask(listed('b', 'a', 'c failed'))
    const seen = observe(reachability$)
    for (const name of ['b', 'c', 'b', 'x']) answers$.next(ack(name))
    expect(seen.ended).toBe(false)
    answers$.next(ack('a'))
    expect(seen.values).toEqual([{ reached: ['a', 'b'], silent: [], unexpected: ['c', 'x'] }])
    expect(seen.completed).toBe(true)
    expect(answers$.observed).toBe(false)
  })

  it('is emitted at the deadline when a node is silent, for each subscriber anew', () => {
    const { answers$, reachability$ } = ask(listed('c', 'b', 'a'))
    const [first, second] = [observe(reachability$), observe(reachability$)]
    answers$.next(ack('b'))
    answers$.complete()
    for (const seen of [first, second])
      expect(seen.values).toEqual([{ reached: ['b'], silent: ['a', 'c'], unexpected: [] }])
  })

  it('does not count a response as an ack', () => {
    const { answers$, reachability$ } = ask(listed('a'))
    const seen = observe(reachability$)
    answers$.next(response('a'))
    expect(seen.ended).toBe(false)
  })

  it('errors with the agent, and stops when it is unsubscribed', () => {
    expect(observe(ask(new Error('refused')).reachability$).error).toEqual(new Error('refused'))
    const { answers$, reachability$ } = ask(listed('a', 'b'))
    const seen = observe(reachability$)
    answers$.next(ack('a'))
    answers$.error(new Error('lost'))
    expect(seen).toMatchObject({ values: [], error: new Error('lost') })
    observe(reachability$).unsubscribe()
    expect(answers$.observed).toBe(false)
  })

  it('refuses bad options at the call', () => {
    const { agent } = queryRunner(listed('a'))
    expect(() => reachabilityOf(agent, { timeout: 0 })).toThrow(RangeError)
    expect(() => reachabilityOf(agent, { timout: 5 } as never)).toThrow(
      new TypeError('the options of reachability: there is no "timout"; valid: timeout'),
    )
  })
})
