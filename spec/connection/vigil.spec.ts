import { Vigil } from '../../lib/connection/vigil'

/** Of the event loop, for as long as a vigil lasts where nothing comes. */
const TURNS = 128

describe('a vigil', () => {
  let vigil: Vigil
  /** What the event loop is to do at once. */
  let due: (() => void)[]

  beforeEach(() => {
    vigil = new Vigil()
    due = []
    jest.spyOn(global, 'setImmediate').mockImplementation((callback) => {
      due.push(callback)
      return {} as NodeJS.Immediate
    })
  })

  afterEach(() => jest.restoreAllMocks())

  /** Lets the event loop turn, at most so often, and gives how often it was asked to. */
  function turns(most = Infinity): number {
    let count = 0
    for (; count < most && due.length > 0; count++) for (const callback of due.splice(0)) callback()
    return count
  }

  /** Keeps one until it is over; gives how many turns it took. */
  function kept(): number {
    vigil.begin()
    return turns()
  }

  it('keeps the event loop turning until something comes', () => {
    vigil.begin()
    expect(turns(100)).toBe(100)
    vigil.end()
    expect(turns()).toBe(1)
  })

  it('gives up when nothing comes', () => {
    expect(kept()).toBe(TURNS)
  })

  it('is kept ever more seldom where it is in vain', () => {
    const all = Array.from({ length: 12 }, kept)
    // After one in vain one is left out, then three, then seven.
    expect(all).toEqual([TURNS, 0, TURNS, 0, 0, 0, TURNS, 0, 0, 0, 0, 0])
  })

  it('is kept now and then all the same', () => {
    const last = Array.from({ length: 1000 }, kept).lastIndexOf(TURNS)
    expect(last).toBeGreaterThan(1000 - 65)
  })

  it('is kept each time again after one that was not in vain', () => {
    for (let count = 0; count < 6; count++) kept()
    vigil.begin()
    turns(1)
    vigil.end()
    turns()
    expect([kept(), kept(), kept()]).toEqual([TURNS, 0, TURNS])
  })

  it('starts anew with each request, and never turns twice for two', () => {
    vigil.begin()
    turns(100)
    vigil.end()
    vigil.begin()
    vigil.begin()
    expect(due).toHaveLength(1)
    expect(turns()).toBe(TURNS)
  })

  it('takes no notice of what comes at other times', () => {
    vigil.end()
    expect(kept()).toBe(TURNS)
    vigil.end()
    expect(kept()).toBe(0)
  })
})
