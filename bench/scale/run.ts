/**
 * Clusters that are too large for one machine, simulated by a TestAgent: `npm run bench:scale`. Agent and
 * client share one thread, so each figure is of both. Ends with status 1 where something was lost, or memory
 * was kept.
 */
import { manyConnections } from './connections'
import { manyEvents } from './events'
import { manyMembers } from './members'
import { membershipUnderChurn } from './membership'
import { manyAnswers } from './query'

async function main(): Promise<void> {
  await manyConnections()
  await manyMembers()
  await membershipUnderChurn()
  await manyAnswers()
  await manyEvents()
}

void main()
