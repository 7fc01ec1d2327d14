/** Statistics of what was measured. */

export function median(values) {
  return quantile(values, 0.5)
}

/** The value below which this share of all lies, between two of them where it falls there. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  return below + (above - below) * (place % 1)
}

/** A number with three significant digits and a comma at the thousands. */
export function shown(value) {
  return value.toLocaleString(
    'en-US',
    value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  )
}

/** Empty where there is nothing to compare with. */
export function ratio(value) {
  if (Number.isNaN(value)) return ''
  return `${value.toFixed(value < 0.1 ? 3 : 2)}x`
}
