import { printable } from '../../lib/protocol/printable'

describe('a text of an agent', () => {
  it.each([
    ['Äpfel and 日本', 'Äpfel and 日本'],
    ['a\nERROR forged', 'a\\u000aERROR forged'],
    ['\u001b[2J\u0007', '\\u001b[2J\\u0007'],
    ['\u0085\u202e\u2028', '\\u0085\\u202e\\u2028'],
  ])('shows control characters escaped: %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('is cut where it is long', () => {
    expect(printable('x'.repeat(5_000))).toBe(`${'x'.repeat(1_000)}…`)
  })
})
