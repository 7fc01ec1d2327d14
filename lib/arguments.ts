/**
 * Checks of arguments, made at the call, so that a mistake never reaches an agent. `what` names the argument
 * in the message. A wrong type throws a `TypeError`, a value out of range a `RangeError`.
 */

/** The longest time that a Node timer can hold, in ms. */
export const MAX_TIMEOUT = 2 ** 31 - 1

/**
 * Refuses a property that does not exist, because a misspelt option would have no effect.
 * @param known An entry for each property that exists. Its type lets the compiler check that none is missing.
 */
export function knownOptions<T extends object>(
  given: T,
  known: Readonly<Record<keyof T, unknown>>,
  what: string,
): T {
  if (typeof given !== 'object' || (given as unknown) === null || Array.isArray(given)) {
    throw new TypeError(`${what} must be an object, not ${shown(given)}`)
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue
    throw new TypeError(`${what}: there is no ${shown(name)}; valid: ${Object.keys(known).join(', ')}`)
  }
  return given
}

/**
 * A value as messages show it. A string is in quotes, so that "7373" differs from 7373. The contents of an
 * object are not shown.
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

export function text(value: unknown, what: string): string {
  // The value may be a key, so it is not shown.
  if (typeof value !== 'string') throw new TypeError(`${what} must be a string`)
  return value
}

export function nonEmpty(value: unknown, what: string): string {
  const checked = text(value, what)
  if (checked === '') throw new TypeError(`${what} must not be empty`)
  return checked
}

/** One of the given words. */
export function oneOf<T extends string>(value: T, words: readonly T[], what: string): T {
  if (words.includes(value)) return value
  throw new TypeError(`${what} must be one of ${words.join(', ')}, not ${shown(value)}`)
}

export function texts(values: unknown, what: string): string[] {
  if (!Array.isArray(values)) throw new TypeError(`${what} must be an array of strings, not ${shown(values)}`)
  // Unlike `map`, this also visits holes.
  return Array.from(values, (value) => nonEmpty(value, `an entry of ${what}`))
}

export function dictionary(values: unknown, what: string): Record<string, string> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new TypeError(`${what} must be an object of strings, not ${shown(values)}`)
  }
  // Without this a Map or a Promise would count as an object without entries.
  if (!isPlain(values)) throw new TypeError(`${what} must be a plain object of strings`)
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [key, text(value, `${what}.${key}`)]))
}

/** Whether it is an object of entries, unlike a Map or a Promise. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  // That of another realm's `Object` has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export function flag(value: boolean | undefined, otherwise: boolean, what: string): boolean {
  if (value === undefined) return otherwise
  if (typeof value !== 'boolean') throw new TypeError(`${what} must be true or false, not ${shown(value)}`)
  return value
}

/** An integer from `least` to `most`. */
export function integerBetween(value: number, least: number, most: number, what: string): number {
  if (typeof value !== 'number') throw new TypeError(`${what} must be an integer, not ${shown(value)}`)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${what} must be an integer from ${least} to ${most}, not ${value}`)
  }
  return value
}

/** Milliseconds, at least `least`, that a timer can hold. */
export function milliseconds(value: number, least: number, what: string): number {
  if (typeof value !== 'number') throw new TypeError(`${what} must be a number of ms, not ${shown(value)}`)
  if (!(value >= least && value <= MAX_TIMEOUT)) {
    throw new RangeError(`${what} must be from ${least} to ${MAX_TIMEOUT} ms, not ${value}`)
  }
  return value
}
