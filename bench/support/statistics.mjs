/** Small sums over what was measured. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** A number as a reader likes it: three digits that count, thousands apart. */
export function shown(value) {
  return value.toLocaleString(
    'en-US',
    value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  )
}

/** Nothing where there is nothing to compare with. */
export function ratio(value) {
  if (Number.isNaN(value)) return ''
  return `${value.toFixed(value < 0.1 ? 3 : 2)}x`
}
