/**
 * What no machine has enough agents for, on a TestAgent: `npm run bench:scale`. Agent and client share one process and one thread, so each
 * figure is of both. Ends with 1 when something was lost or kept.
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
