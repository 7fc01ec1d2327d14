import { TestScheduler } from 'rxjs/testing'
import { Deadlines, type Expiring, NO_DEADLINE } from '../../lib/connection/deadlines'
import { MarbleClock } from '../support/time/marble-clock'

/** Runs in virtual time; `log` tells when what expired. */
function inTime(
  scene: (given: {
    deadlines: Deadlines
    clock: MarbleClock
    at: (time: number, action: () => void) => void
    item: (name: string, also?: () => void) => Expiring
  }) => void,
): string[] {
  const log: string[] = []
  const items: Expiring[] = []
  const scheduler = new TestScheduler(() => undefined)
  scheduler.run(() => {
    const clock = new MarbleClock(scheduler)
    const item = (name: string, also: () => void = () => undefined): Expiring => {
      const made = {
        deadline: NO_DEADLINE,
        expire: () => {
          log.push(`${name} at ${clock.now()}`)
          also()
        },
      }
      items.push(made)
      return made
    }
    const at = (time: number, action: () => void) => void scheduler.schedule(action, time)
    scene({ deadlines: new Deadlines(clock, () => items), clock, at, item })
  })
  return log
}

describe('deadlines', () => {
  it('expire in time, each once', () => {
    const log = inTime(({ deadlines, at, item }) => {
      deadlines.start(item('a'), 100)
      at(30, () => deadlines.start(item('b'), 100))
      at(30, () => deadlines.start(item('c'), 50))
    })
    expect(log).toEqual(['c at 80', 'a at 100', 'b at 130'])
  })

  it('do not expire once they are cleared', () => {
    const log = inTime(({ deadlines, at, item }) => {
      const items = ['a', 'b', 'c', 'd'].map((name) => item(name))
      for (const one of items) deadlines.start(one, 100)
      // The first, one from the middle, the last, and all again: none may be lost that is left.
      for (const index of [0, 1, 3, 0]) at(50, () => items[index] && deadlines.clear(items[index]))
    })
    expect(log).toEqual(['c at 100'])
  })

  it('can be replaced by another limit, or by none', () => {
    const log = inTime(({ deadlines, at, item }) => {
      const [a, b, c] = [item('a'), item('b'), item('c')]
      for (const one of [a, b, c]) deadlines.start(one, 100)
      at(60, () => deadlines.start(a, 100))
      at(60, () => deadlines.start(b, 10))
      at(60, () => deadlines.start(c, 0))
    })
    expect(log).toEqual(['b at 70', 'a at 160'])
  })

  it('have one timer for many, set anew only when it goes off', () => {
    inTime(({ deadlines, clock, at, item }) => {
      const items = Array.from({ length: 1000 }, (_, index) => item(`${index}`))
      items.forEach((one, index) => at(index / 10, () => deadlines.start(one, 100)))
      at(99.95, () => expect(clock.due()).toEqual([100]))
      items.forEach((one) => at(99.97, () => deadlines.clear(one)))
      at(99.98, () => expect(clock.due({ held: true })).toEqual([]))
    })
    expect.assertions(2)
  })

  it('keep the process alive only while an item has one', () => {
    inTime(({ deadlines, clock, at, item }) => {
      const [a, b] = [item('a'), item('b')]
      deadlines.start(a, 100)
      expect(clock.due({ held: true })).toEqual([100])
      deadlines.clear(a)
      expect(clock.due({ held: true })).toEqual([])
      at(10, () => deadlines.start(b, 100))
      at(20, () => expect(clock.due({ held: true })).toHaveLength(1))
      at(200, () => expect(clock.due()).toEqual([]))
    })
    expect.assertions(4)
  })

  it('take effect only after the sockets have been read once more', () => {
    const log = inTime(({ deadlines, clock, item }) => {
      const [answered, silent] = [item('answered'), item('silent')]
      jest.spyOn(clock, 'afterRead').mockImplementation((callback) => {
        deadlines.clear(answered)
        callback()
      })
      deadlines.start(answered, 100)
      deadlines.start(silent, 100)
    })
    expect(log).toEqual(['silent at 100'])
  })

  it('leave no timer when they are stopped', () => {
    const log = inTime(({ deadlines, clock, item }) => {
      deadlines.start(item('a'), 100)
      deadlines.start(item('b'), 200)
      deadlines.stop()
      expect(clock.due()).toEqual([])
    })
    expect(log).toEqual([])
  })

  it('can start others while one expires, and lose no timer', () => {
    const log = inTime(({ deadlines, clock, at, item }) => {
      deadlines.start(
        item('a', () => deadlines.start(item('again'), 100)),
        100,
      )
      at(10, () => deadlines.start(item('b'), 100))
      at(105, () => expect(clock.due()).toHaveLength(1))
      at(150, () => expect(clock.due({ held: true })).toHaveLength(1))
    })
    expect(log).toEqual(['a at 100', 'b at 110', 'again at 200'])
    expect.assertions(3)
  })

  it('of many that start others as they expire share one timer, which ends when those are cleared', () => {
    const log = inTime(({ deadlines, clock, at, item }) => {
      const others = Array.from({ length: 30 }, (_, index) => item(`other ${index}`))
      others.forEach((other, index) =>
        deadlines.start(
          item(`${index}`, () => deadlines.start(other, 100)),
          100,
        ),
      )
      at(150, () => expect(clock.due({ held: true })).toEqual([200]))
      at(151, () => others.forEach((other) => deadlines.clear(other)))
      at(152, () => expect(clock.due({ held: true })).toEqual([]))
      at(300, () => expect(clock.due()).toEqual([]))
    })
    expect(log).toEqual(Array.from({ length: 30 }, (_, index) => `${index} at 100`))
    expect.assertions(4)
  })

  it('leave no timer when they are stopped while one has started another', () => {
    inTime(({ deadlines, clock, at, item }) => {
      deadlines.start(
        item('a', () => deadlines.start(item('again'), 100)),
        100,
      )
      at(150, () => deadlines.stop())
      at(151, () => expect(clock.due()).toEqual([]))
    })
    expect.assertions(1)
  })

  it('keep no timer of one that was started and cleared while another expired', () => {
    const log = inTime(({ deadlines, clock, at, item }) => {
      const brief = item('brief')
      deadlines.start(
        item('a', () => {
          deadlines.start(brief, 100)
          deadlines.clear(brief)
        }),
        100,
      )
      at(150, () => deadlines.start(item('b'), 100))
      at(220, () => deadlines.stop())
      at(221, () => expect(clock.due()).toEqual([]))
    })
    expect(log).toEqual(['a at 100'])
    expect.assertions(2)
  })

  it('come in time after one whose callback took long', () => {
    const timers: { delay: number; callback: () => void }[] = []
    let time = 0
    const clock = {
      now: () => time,
      afterRead: (callback: () => void) => callback(),
      after: (delay: number, callback: () => void) => {
        timers.push({ delay, callback })
        return { ref: () => undefined, unref: () => undefined, cancel: () => undefined }
      },
    }
    const items = [100, 450, 500].map((limit) => ({
      limit,
      deadline: NO_DEADLINE,
      expire: () => (time += 300),
    }))
    const deadlines = new Deadlines(clock, () => items)
    for (const item of items) deadlines.start(item, item.limit)
    for (const now of [100, 450]) {
      time = now
      timers.at(-1)?.callback()
    }
    // The first takes until 400, when the second has 50 left; that takes until 750, when the third is late.
    expect(timers.map(({ delay }) => delay)).toEqual([100, 50, 0])
  })

  it('can be cleared while one expires', () => {
    const log = inTime(({ deadlines, clock, item }) => {
      const a = item('a', () => deadlines.clear(b))
      const [b, c] = [item('b'), item('c')]
      for (const one of [a, b, c]) deadlines.start(one, 100)
      expect(clock.due()).toEqual([100])
    })
    expect(log).toEqual(['a at 100', 'c at 100'])
    expect.assertions(2)
  })

  it('can be stopped or cleared while one expires', () => {
    const log = inTime(({ deadlines, clock, at, item }) => {
      const a = item('a', () => {
        deadlines.stop()
        deadlines.clear(b)
        deadlines.clear(c)
      })
      const [b, c, d] = [item('b'), item('c'), item('d')]
      for (const one of [a, b, d]) deadlines.start(one, 100)
      at(10, () => deadlines.start(c, 100))
      at(101, () => expect(clock.due()).toEqual([]))
    })
    expect(log).toEqual(['a at 100'])
    expect.assertions(2)
  })
})
