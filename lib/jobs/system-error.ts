/** The system's name for what went wrong (`ENOENT`, `EACCES`, ...); `UNKNOWN` for an error that has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'UNKNOWN'
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
