/** An agent for tests: `import { TestAgent } from 'serfx/testing'`. */
export { TestAgent } from './agent'

export type { CapturedAnswer } from './agent'
export type { AgentFaults } from './agent-faults'
export type { QueryHandler, ReceivedQuery } from './cluster/queries'
export type { Fault } from './ipc/faults'
export type { Ending } from './ipc/write-queue'
export type { ReceivedRequest } from './ipc/session'
export type { TestAgentOptions } from './options'
