import fc from 'fast-check'
import { LinkedSet, type LinkedItem } from '../../lib/client/linked-set'

class Item implements LinkedItem<Item> {
  linked = false
  before: Item | undefined
  after: Item | undefined
}

describe('linked set', () => {
  it('contains what a Set would contain, in the same order', () => {
    const items = Array.from({ length: 8 }, () => new Item())
    const step = fc.record({ add: fc.boolean(), index: fc.nat(7) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const linkedSet = new LinkedSet<Item>()
        const set = new Set<Item>()
        for (const { add, index } of steps) {
          const item = items[index] as Item
          if (add) {
            linkedSet.add(item)
            set.add(item)
          } else expect(linkedSet.delete(item)).toBe(set.delete(item))
          expect(linkedSet.size).toBe(set.size)
          expect([...linkedSet]).toEqual([...set])
          expect(item.linked).toBe(add)
        }
        for (const item of items) linkedSet.delete(item)
        expect(items.every(({ before, after }) => !before && !after)).toBe(true)
      }),
    )
  })
})
