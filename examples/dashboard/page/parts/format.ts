const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** `14:02:07`. */
export const clockTime = (at: number): string => CLOCK.format(at)

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** A duration by its two largest units: `2 h 14 m`. */
export function duration(ms: number): string {
  let seconds = Math.max(0, Math.floor(ms / 1000))
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(seconds / size)
    seconds -= count * size
    return { unit, count }
  })
  const first = parts.findIndex(({ count }) => count > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(({ count }, index) => index === 0 || count > 0)
    .map(({ unit, count }) => `${count} ${unit}`)
    .join(' ')
}

/** Milliseconds with three figures or so: `0.42`, `7.3`, `131`. */
export function milliseconds(ms: number): string {
  return ms.toFixed(ms < 1 ? 2 : ms < 100 ? 1 : 0)
}

export const count = (value: number, noun: string): string => `${value} ${noun}${value === 1 ? '' : 's'}`
