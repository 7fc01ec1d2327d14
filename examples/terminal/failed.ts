/** Ends a program as the command line expects it: the reason on stderr, status 1. */
export function failed(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
