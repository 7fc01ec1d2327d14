import { TestScheduler } from 'rxjs/testing'
import { Observable } from 'rxjs'
import { Deadlines, type Expiring } from '../../lib/connection/deadlines'
import { schedulerClock, VirtualClock } from '../support/virtual-clock'

class Item implements Expiring {
  deadline: Expiring['deadline']
  constructor(
    readonly name: string,
    private readonly expired: (name: string) => void,
  ) {}
  expire(): void {
    this.expired(this.name)
  }
}

describe('deadlines', () => {
  let clock: VirtualClock
  let deadlines: Deadlines
  let told: string[]
  const item = (name: string, then: () => void = () => undefined) =>
    new Item(name, () => {
      told.push(`${name} at ${clock.now()}`)
      then()
    })
  beforeEach(() => {
    clock = new VirtualClock()
    deadlines = new Deadlines(clock)
    told = []
  })

  test('each at its time, whatever the others have', () => {
    deadlines.start(item('a'), 100)
    deadlines.start(item('b'), 30)
    clock.advance(10)
    deadlines.start(item('c'), 100)
    deadlines.start(item('d'), 10)
    clock.advance(1_000)
    expect(told).toEqual(['d at 20', 'b at 30', 'a at 100', 'c at 110'])
    expect(clock.pending).toBe(0)
  })

  test('0 is no limit, and takes back the one before', () => {
    const one = item('a')
    deadlines.start(one, 50)
    deadlines.start(one, 0)
    clock.advance(100_000)
    expect(told).toEqual([])
  })

  test('one timer for all that have the same time; those that are answered in time cost none', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => item(String(index)))
    for (const each of items) deadlines.start(each, 100)
    expect(clock.pending).toBe(1)
    for (const each of items.slice(0, 999)) deadlines.clear(each)
    clock.advance(100)
    expect(told).toEqual(['999 at 100'])
  })

  test('to clear from the middle, the end, the beginning, twice', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => item(name)) as [Item, Item, Item, Item]
    for (const each of [a, b, c, d]) deadlines.start(each, 10)
    for (const each of [b, d, a, a, b]) deadlines.clear(each)
    clock.advance(10)
    expect(told).toEqual(['c at 10'])
  })

  test('a new start is a new deadline', () => {
    const one = item('a')
    deadlines.start(one, 100)
    clock.advance(90)
    deadlines.start(one, 100)
    clock.advance(99)
    expect(told).toEqual([])
    clock.advance(1)
    expect(told).toEqual(['a at 190'])
  })

  test('only what waits keeps the process alive', () => {
    const [a, b] = [item('a'), item('b')]
    deadlines.start(a, 100)
    deadlines.start(b, 100)
    expect(clock.held).toBe(1)
    deadlines.clear(a)
    expect(clock.held).toBe(1)
    deadlines.clear(b)
    expect(clock.held).toBe(0)
    deadlines.start(a, 100)
    expect(clock.held).toBe(1)
    clock.advance(1_000)
    expect(clock.pending).toBe(0)
  })

  test('stop() ends all without a word, and leaves no timer', () => {
    deadlines.start(item('a'), 10)
    deadlines.start(item('b'), 20)
    deadlines.stop()
    expect(clock.pending).toBe(0)
    clock.advance(100)
    expect(told).toEqual([])
  })

  test('whoever expires may stop all', () => {
    const rest = [item('b'), item('c')]
    deadlines.start(
      item('a', () => {
        deadlines.stop()
        for (const each of rest) deadlines.clear(each)
      }),
      10,
    )
    for (const each of rest) deadlines.start(each, 10)
    clock.advance(100)
    expect(told).toEqual(['a at 10'])
    expect(clock.pending).toBe(0)
  })

  test('whoever expires may begin again, and no timer is left over', () => {
    const again = item('again')
    deadlines.start(
      item('a', () => deadlines.start(again, 10)),
      10,
    )
    clock.advance(10)
    expect(clock.pending).toBe(1)
    deadlines.clear(again)
    expect(clock.held).toBe(0)
    clock.advance(1_000)
    expect(told).toEqual(['a at 10'])
  })
})

test('in marbles: each subscriber has a time of its own', () => {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected))
  scheduler.run(({ expectObservable, hot }) => {
    const deadlines = new Deadlines(schedulerClock(scheduler))
    const source$ = hot('                    ----a---b|')
    const limited = (limit: number) =>
      new Observable<string>((subscriber) => {
        const item = new Item('late', () => subscriber.error('late'))
        deadlines.start(item, limit)
        subscriber.add(() => deadlines.clear(item))
        subscriber.add(source$.subscribe(subscriber))
      })
    expectObservable(limited(6)).toBe('----a-#', undefined, 'late')
    expectObservable(limited(20)).toBe('----a---b|')
    expectObservable(limited(6), '^----!').toBe('----a')
    expectObservable(limited(5), '--^').toBe('----a--#', undefined, 'late')
  })
})
