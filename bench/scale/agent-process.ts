/** A TestAgent in a process of its own; tells its port to the parent. */
import { TestAgent } from 'serfx/testing'

void TestAgent.start({ members: [{ name: 'web-1' }] }).then(({ port }) => process.send?.(port))
