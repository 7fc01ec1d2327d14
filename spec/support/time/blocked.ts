/** Waits without letting Node notice anything, such as the end of a child: that stays a zombie. */
export function blocked(what: string, condition: () => boolean): void {
  const start = performance.now()
  while (!condition()) if (performance.now() - start > 20_000) throw new Error(`not within 20 s: ${what}`)
}
