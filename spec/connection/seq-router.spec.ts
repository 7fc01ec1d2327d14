import { ConnectionError, type Frame } from 'serfx'
import { joinCall, membersCall, monitorCall, streamCall } from '../../lib/protocol/calls'
import { queryCall } from '../../lib/protocol/query-call'
import { DONE, NOISE } from '../../lib/protocol/records/sentinels'
import { inTime } from '../support/wire/routed'

const lost = new ConnectionError('lost', 'CONNECTION_LOST', 'agent:7373')

describe('the router', () => {
  it('gives each frame to its request, in any order', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(joinCall('a'))).toBe('------(a|)', { a: 1 })
      helpers.expectObservable(calls.run(joinCall('b'))).toBe('---(b|)', { b: 2 })
      helpers.expectObservable(calls.run<unknown>(streamCall('*'))).toBe('-----s-s--', { s: 'event' })
      calls.deliver(helpers, '-y-b-sasn-', {
        y: { seq: 3 },
        a: { seq: 1, body: 1 },
        b: { seq: 2, body: 2 },
        s: { seq: 3, body: 'event' },
        n: { seq: 3, body: NOISE },
      })
    })
  })

  it('ignores frames without a request', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(joinCall('a'))).toBe('--(a|)', { a: 1 })
      calls.deliver(helpers, 'xya', { x: { seq: 99 }, y: { seq: 5, error: 'no' }, a: { seq: 1, body: 1 } })
    })
  })

  it('ignores frames for a request that was unsubscribed', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(queryCall('q')), '---!').toBe('--r-', { r: 'response' })
      calls.deliver(helpers, '-arrrd', {
        a: { seq: 1 },
        r: { seq: 1, body: 'response' },
        d: { seq: 1, body: DONE },
      })
      helpers.flush()
      expect(calls.router.requests).toEqual([])
      expect(calls.released).toEqual([1])
    })
  })

  it('makes two subscriptions two requests', () => {
    inTime((calls, helpers) => {
      const joined$ = calls.run(joinCall('a'))
      helpers.expectObservable(joined$).toBe('-(a|)', { a: 1 })
      helpers.expectObservable(joined$).toBe('--(b|)', { b: 2 })
      calls.deliver(helpers, '-ab', { a: { seq: 1, body: 1 }, b: { seq: 2, body: 2 } })
    })
  })

  it('never gives out a number twice', () => {
    inTime((calls) => {
      for (let count = 0; count < 10_000; count++) calls.run(membersCall()).subscribe().unsubscribe()
      expect(calls.router.nextSeq()).toBe(10_001)
      expect(calls.router.requests).toEqual([])
    })
  })

  it('finds old requests among tens of thousands that came and went', () => {
    inTime((calls) => {
      const seen: unknown[] = []
      const stay = (name: string) =>
        calls.run(joinCall('a'), 0).subscribe((body) => seen.push(`${name} ${body}`))
      const seqs: number[] = []
      for (let count = 0; count < 60_000; count++) {
        if (count % 16_384 === 7) {
          stay(`${count}`)
          seqs.push(count + 1)
        } else calls.run(membersCall(), 0).subscribe().unsubscribe()
      }
      expect(calls.router.requests.map(({ seq }) => seq)).toEqual(seqs)
      // Their numbers share a slot: the first to have it leaves first, then those that came later.
      for (const seq of [...seqs].reverse()) calls.router.ownerOf(seq)?.onFrame('', seq)
      expect(seen).toEqual([...seqs].reverse().map((seq) => `${seq - 1} ${seq}`))
      expect(calls.router.requests).toEqual([])
    })
  })

  it('reuses the slot of a request that has ended', () => {
    inTime((calls) => {
      const first = calls.run(joinCall('a'), 0).subscribe()
      for (let count = 1; count < 16_384; count++) calls.run(membersCall(), 0).subscribe().unsubscribe()
      calls.run(joinCall('same slot'), 0).subscribe()
      first.unsubscribe()
      expect(calls.router.requests.map(({ seq }) => seq)).toEqual([16_385])
      expect(calls.router.ownerOf(16_385)?.seq).toBe(16_385)
      expect(calls.router.ownerOf(1)).toBeUndefined()
    })
  })

  it('finds all requests while it grows', () => {
    inTime((calls) => {
      for (let count = 0; count < 20_000; count++) calls.run(membersCall(), 0).subscribe()
      const seqs = Array.from({ length: 20_000 }, (_, index) => index + 1)
      expect(seqs.filter((seq) => calls.router.ownerOf(seq)?.seq !== seq)).toEqual([])
      expect(calls.router.requests).toHaveLength(20_000)
    })
  })

  it('finds no request for numbers that were never assigned', () => {
    inTime((calls) => {
      calls.run(joinCall('a'), 0).subscribe()
      for (const seq of [0, -1, -63, 65, 4097, 2 ** 53, 2 ** 64, 1.5])
        expect(calls.router.ownerOf(seq)).toBeUndefined()
    })
  })

  it('ends all at once, the oldest first, each with an error of its own', () => {
    inTime((calls, helpers) => {
      const errors: string[] = []
      // The second number comes before the first in the order of the slots.
      while (calls.router.nextSeq() < 62);
      for (const call of [joinCall('a'), streamCall('*'), monitorCall('info')]) {
        calls.run<unknown>(call).subscribe({ error: (error: unknown) => errors.push(String(error)) })
      }
      helpers.expectObservable(calls.router.frames$).toBe('--|')
      helpers
        .cold('--x')
        .subscribe(() =>
          calls.router.end(
            ({ call, seq }) => new ConnectionError(`${call.command} ${seq}`, 'CLOSED', 'agent:7373'),
          ),
        )
      helpers.flush()
      expect(errors).toEqual(
        ['join 63', 'stream 64', 'monitor 65'].map((message) => `ConnectionError: ${message}`),
      )
      expect(calls.router.requests).toEqual([])
      expect(calls.clock.due({ held: true })).toEqual([])
    })
  })

  it('ends all although the first error callback unsubscribes the others', () => {
    inTime((calls) => {
      const told: string[] = []
      const others = [1, 2].map(() => calls.run(joinCall('a')))
      const first = calls.run(streamCall('*'))
      const subscriptions = [
        first.subscribe({
          error: () => {
            told.push('first')
            for (const one of subscriptions) one.unsubscribe()
          },
        }),
        ...others.map((other$) => other$.subscribe({ error: () => told.push('other') })),
      ]
      calls.router.end(() => lost)
      expect(told).toEqual(['first'])
      expect(calls.router.requests).toEqual([])
    })
  })

  it('knows which request the agent is at', () => {
    inTime((calls) => {
      calls.run(streamCall('*')).subscribe()
      calls.run(joinCall('a')).subscribe()
      expect(calls.router.current?.seq).toBe(1)
      calls.router.ownerOf(1)?.onFrame('', undefined)
      expect(calls.router.current?.seq).toBe(2)
      calls.router.ownerOf(2)?.onFrame('', 1)
      expect(calls.router.current).toBeUndefined()
    })
  })

  it('is observed only while frames$ has subscribers', () => {
    inTime((calls) => {
      const seen: Frame[] = []
      expect(calls.router.observed).toBe(false)
      const looking = calls.router.frames$.subscribe((shown) => seen.push(shown))
      expect(calls.router.observed).toBe(true)
      calls.router.emit({ header: { seq: 1, error: '' } })
      looking.unsubscribe()
      expect(calls.router.observed).toBe(false)
      expect(seen).toEqual([{ header: { seq: 1, error: '' } }])
    })
  })
})
