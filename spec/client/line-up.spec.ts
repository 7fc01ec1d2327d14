import fc from 'fast-check'
import { LineUp, type Standing } from '../../lib/client/line-up'

class Item implements Standing<Item> {
  inLine = false
  before: Item | undefined
  after: Item | undefined
}

describe('line-up', () => {
  it('holds what a Set would hold, in the same order', () => {
    const items = Array.from({ length: 8 }, () => new Item())
    const step = fc.record({ add: fc.boolean(), index: fc.nat(7) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const lineUp = new LineUp<Item>()
        const set = new Set<Item>()
        for (const { add, index } of steps) {
          const item = items[index] as Item
          if (add) {
            lineUp.add(item)
            set.add(item)
          } else expect(lineUp.delete(item)).toBe(set.delete(item))
          expect(lineUp.size).toBe(set.size)
          expect([...lineUp]).toEqual([...set])
          expect(item.inLine).toBe(add)
        }
        for (const item of items) lineUp.delete(item)
        expect(items.every(({ before, after }) => !before && !after)).toBe(true)
      }),
    )
  })
})
