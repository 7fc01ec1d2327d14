/**
 * The `onError` of `respond` for a program that keeps running: it prints why a query was not answered.
 * Without it, one answer that is late or too large would end the program.
 */
export function unanswered(error: unknown): void {
  console.error(`not answered: ${error instanceof Error ? error.message : String(error)}`)
}
