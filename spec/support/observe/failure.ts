import type { Observable } from 'rxjs'
import { RpcError, SerfError } from 'serfx'
import type { Agent } from '../agents/agents'
import { valuesOf } from './values'

/**
 * The error with which an Observable ends. It has to be an error of serfx; any other error, or none, fails
 * the spec.
 */
export async function failureOf(source$: Observable<unknown>): Promise<SerfError> {
  let values: unknown[]
  try {
    values = await valuesOf(source$)
  } catch (error) {
    if (error instanceof SerfError) return error
    throw error
  }
  throw new Error(`completed with ${values.length} values where an error was due`)
}

/** The error of a command that an agent refuses. Its message has to name the command and the agent. */
export async function refusalOf(agent: Agent, source$: Observable<unknown>): Promise<RpcError> {
  const error = await failureOf(source$)
  if (!(error instanceof RpcError)) throw error
  expect(error.message).toContain(`${error.command}: ${agent.host}:${agent.port} `)
  return error
}
