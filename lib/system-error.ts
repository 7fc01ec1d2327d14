/**
 * What a thrown value says about itself. The value is looked at by shape, never with `instanceof`: under a test runner the errors of the
 * system belong to another realm and are no instances of our `Error`.
 */

/** The system's code (`ENOENT`, `EPIPE`, ...), `undefined` where there is none. */
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
