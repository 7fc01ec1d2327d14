/** Below this many milliseconds round trips differ by chance. */
const LEAST = 0.1

/**
 * How long the bar of a round trip is, in percent: logarithmic, since another continent is a thousand times
 * as far as the next rack.
 */
export function barWidth(ms: number, longest: number): number {
  const share = Math.log1p(ms / LEAST) / Math.log1p(longest / LEAST)
  return Math.max(1, Math.round(100 * Math.min(1, share)))
}
