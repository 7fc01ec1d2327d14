/**
 * Runs every entrant once a round, each round beginning with another one: what the machine does meanwhile hits all alike, and
 * nobody always runs after the same one. Returns what the runs gave, by entrant.
 */
export async function rounds(entrants, count, run) {
  const results = new Map(entrants.map((entrant) => [entrant, []]))
  for (let round = 0; round < count; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      const entrant = entrants[(round + turn) % entrants.length]
      results.get(entrant).push(await run(entrant))
    }
  }
  return results
}
