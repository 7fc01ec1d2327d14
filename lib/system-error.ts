/**
 * The code and message of a thrown value, found by its shape and never with `instanceof`: under a test
 * runner, errors of the system belong to another realm and are not instances of our `Error`.
 */

/** The code of the system (`ENOENT`, `EPIPE`, ...); `undefined` if there is none. */
export function codeOf(thrown: unknown): string | undefined {
  return textOf(thrown, 'code')
}

/** The message, or the value itself as text. Never throws. */
export function messageOf(thrown: unknown): string {
  const message = textOf(thrown, 'message')
  if (message !== undefined) return message
  try {
    return String(thrown)
  } catch {
    return 'a value that has no text'
  }
}

function textOf(thrown: unknown, key: 'code' | 'message'): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  const text: unknown = Reflect.get(thrown, key)
  return typeof text === 'string' ? text : undefined
}
