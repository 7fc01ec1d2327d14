/** Prints the reason to stderr and makes the program end with status 1. */
export function failed(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
