import { TestScheduler } from 'rxjs/testing'
import { mergeMap, Observable, type Subscriber } from 'rxjs'
import { Request } from '../../lib/connection/request'
import { SeqRouter } from '../../lib/connection/seq-router'
import { ConnectionError } from '../../lib/errors'
import { statsCall, streamCall } from '../../lib/protocol/calls'
import { DONE } from '../../lib/protocol/records/signs'
import { Writer } from '../../lib/protocol/writer'
import { queryCall } from '../../lib/protocol/calls'

const lost = () => new ConnectionError('lost', 'CONNECTION_LOST', 'h:1')

/** A router with requests of which nothing goes out: what comes in is up to the spec. */
function scene() {
  const router = new SeqRouter()
  const released: number[] = []
  const carrier = {
    address: 'h:1',
    responder: () => new Observable<void>(),
    allow: () => undefined,
    expectHangUp: () => undefined,
    release: (request: Request<unknown>) => {
      released.push(request.seq)
      router.remove(request)
    },
  }
  const request = <T>(call: ConstructorParameters<typeof Request<T>>[0]) =>
    new Observable<T>((subscriber: Subscriber<T>) => {
      const made = new Request(call, router.nextSeq(), 0, carrier, subscriber)
      router.add(made)
      made.depart(new Writer())
      return made
    })
  return { router, released, request }
}

const marbles = (run: Parameters<TestScheduler['run']>[0]) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(run)

describe('requests by their seq, in marbles', () => {
  type Arrival = [seq: number, error: string, body?: unknown]
  const FRAMES: Record<string, Arrival> = {
    h: [1, ''],
    a: [1, '', 'a'],
    b: [1, '', 'b'],
    d: [1, '', DONE],
    e: [1, 'Invalid event filter'],
    s: [9, '', 'stray'],
    x: [2, '', 'x'],
  }

  test.each([
    ['a stream: records as they come, never an end', streamCall('*'), 'h-a-b-a--', '^---------', '--a-b-a--'],
    ['a stream that is refused', streamCall('*'), '--e--', '^----', '--#'],
    ['a stream that is unsubscribed', streamCall('*'), 'h-a-b-a--', '^---!', '--a'],
    ['a query: up to `done`', queryCall('q'), 'h-a-b-d--', '^--------', '--a-b-|'],
    ['a query without answers', queryCall('q'), 'h-d', '^---', '--|'],
    ['a query that is unsubscribed', queryCall('q'), 'h-a-b-d--', '^--!', '--a'],
    ['a reply: one value and the end, in one frame', statsCall(), '--a-b', '^----', '--(a|)'],
    ['a reply that is refused', statsCall(), '--e--', '^----', '--#'],
    ['nothing', statsCall(), '-----', '^----', '-----'],
    ['strays, before and between', streamCall('*'), 's-h-s-a-x-b', '^------------', '------a---b'],
    ['the loss of the connection', streamCall('*'), 'h-a-#', '^-----', '--a-#'],
    ['the loss before a reply', statsCall(), '--#', '^-----', '--#'],
  ])('%s', (_name, call, arriving, subscription, expected) => {
    marbles(({ hot, expectObservable, flush }) => {
      const { router, released, request } = scene()
      hot(arriving, FRAMES).subscribe({
        next: ([seq, error, body]) => router.ownerOf(seq)?.accept(error, body),
        error: () => router.end(lost),
      })
      const outcome$ = new Observable((subscriber) =>
        request<unknown>(call).subscribe({
          next: (value) => subscriber.next(value),
          error: () => subscriber.error('error'),
          complete: () => subscriber.complete(),
        }),
      )
      expectObservable(outcome$, subscription).toBe(expected)
      flush()
      // Whoever has ended, or left, is nobody's owner any more.
      const ends = /[|#]/.test(expected) || subscription.includes('!')
      expect(released).toEqual(ends ? [1] : [])
      expect(router.requests).toHaveLength(ends ? 0 : 1)
    })
  })

  test('two subscribers of one call are two requests', () => {
    marbles(({ hot, expectObservable }) => {
      const { router, request } = scene()
      hot('--a-x', FRAMES).subscribe(([seq, error, body]) => router.ownerOf(seq)?.accept(error, body))
      const stats$ = request<unknown>(statsCall())
      expectObservable(stats$).toBe('--(a|)')
      expectObservable(stats$).toBe('----(x|)')
    })
  })

  test('a reply that leads to the next request', () => {
    marbles(({ hot, expectObservable }) => {
      const { router, request } = scene()
      hot('--a-x', FRAMES).subscribe(([seq, error, body]) => router.ownerOf(seq)?.accept(error, body))
      expectObservable(
        request<unknown>(statsCall()).pipe(mergeMap(() => request<unknown>(statsCall()))),
      ).toBe('----(x|)')
    })
  })
})

describe('the router', () => {
  test('finds any of many more than it has slots, and forgets each', () => {
    const { router, request } = scene()
    const subscriptions = Array.from({ length: 10_000 }, () => request<unknown>(statsCall()).subscribe())
    expect([1, 4096, 4097, 8192, 10_000].map((seq) => router.ownerOf(seq)?.seq)).toEqual([
      1, 4096, 4097, 8192, 10_000,
    ])
    expect([0, -1, 10_001, 2 ** 53, 1.5].map((seq) => router.ownerOf(seq))).toEqual(
      new Array(5).fill(undefined),
    )
    // The slot of one that is gone is not taken for the one behind it.
    subscriptions[0]?.unsubscribe()
    expect(router.ownerOf(1)).toBeUndefined()
    expect(router.ownerOf(4097)?.seq).toBe(4097)
    for (const subscription of subscriptions) subscription.unsubscribe()
    expect(router.requests).toEqual([])
    expect(router.nextSeq()).toBe(10_001)
  })

  test('ends all in the order of their asking, and each once', () => {
    const { router, request } = scene()
    const told: number[] = []
    for (let index = 1; index <= 5_000; index++) {
      request<unknown>(statsCall()).subscribe({ error: () => told.push(index) })
    }
    router.end(lost)
    expect(told).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1))
    router.end(lost)
    expect(told).toHaveLength(5_000)
  })

  test('whoever is told may give up another, which is then not told', () => {
    const { router, request } = scene()
    const told: string[] = []
    request<unknown>(statsCall()).subscribe({
      error: () => {
        told.push('first')
        second.unsubscribe()
      },
    })
    const second = request<unknown>(statsCall()).subscribe({ error: () => told.push('second') })
    router.end(lost)
    expect(told).toEqual(['first'])
  })
})
