/** The system's name for what went wrong (`ENOENT`, `EACCES`, ...); `UNKNOWN` for an error that has none. */
export function codeOf(error: unknown): string {
  const { code } = partsOf(error)
  return typeof code === 'string' ? code : 'UNKNOWN'
}

export function messageOf(error: unknown): string {
  const { message } = partsOf(error)
  return typeof message === 'string' ? message : String(error)
}

/** By shape, not by class: a test runner has its own `Error`, and the system's errors are not of it. */
function partsOf(error: unknown): { code?: unknown; message?: unknown } {
  return typeof error === 'object' && error !== null ? error : {}
}
