/**
 * Runs each entrant once a round. Each round begins with another one, so that noise hits all of them alike
 * and none always runs after the same one. Returns the results of each entrant.
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
