import type { Observable } from 'rxjs'
import { RpcError } from 'serfx'
import type { Agent } from '../agents/agents'
import { valuesOf } from './values'

/** The error that it ends with; completing is one too. */
export async function failureOf(source$: Observable<unknown>): Promise<unknown> {
  let values: unknown[]
  try {
    values = await valuesOf(source$)
  } catch (error) {
    return error
  }
  throw new Error(`completed with ${values.length} values where an error was due`)
}

/** The same where it is the agent's: an `RpcError` whose message says who answered which command. */
export async function refusalOf(agent: Agent, source$: Observable<unknown>): Promise<RpcError> {
  const error = await failureOf(source$)
  if (!(error instanceof RpcError)) throw error
  expect(error.message).toContain(`${error.command}: ${agent.host}:${agent.port} `)
  return error
}
