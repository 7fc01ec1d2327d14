import { isEventType, type EventType } from '../events/event-types'
import { handlerError } from './handler-error'
import type { ScriptContext } from './script-event'

const TAG_PREFIX = 'SERF_TAG_'

/**
 * The type of the event for which the script was started.
 * @throws HandlerError `NO_EVENT`, which says how such a script is started, or `UNKNOWN_EVENT`.
 */
export function eventType(env: NodeJS.ProcessEnv): EventType {
  const type = env['SERF_EVENT']
  if (type === undefined || type === '') {
    throw handlerError(
      'NO_EVENT',
      'no SERF_EVENT in the environment: a Serf agent starts this script, as in ' +
        "`serf agent -event-handler 'query:NAME=/path/to/script'`. To try it by hand: " +
        '`echo PAYLOAD | SERF_EVENT=query SERF_QUERY_NAME=NAME /path/to/script`',
    )
  }
  if (!isEventType(type)) {
    throw handlerError(
      'UNKNOWN_EVENT',
      `SERF_EVENT is ${JSON.stringify(type)}, which is not an event of Serf`,
    )
  }
  return type
}

/** The name of a user event or a query. It may be empty: agents accept that. */
export function eventName(env: NodeJS.ProcessEnv, variable: string): string {
  const name = env[variable]
  if (name === undefined)
    throw handlerError('INVALID_ENVIRONMENT', `there is SERF_EVENT in the environment, but no ${variable}`)
  return name
}

/** A Lamport counter; 0, which no agent uses, when a script was started by hand without it. */
export function eventLtime(env: NodeJS.ProcessEnv, variable: string): number {
  const text = env[variable] ?? '0'
  if (!/^\d{1,20}$/.test(text))
    throw handlerError('INVALID_ENVIRONMENT', `${variable} is ${JSON.stringify(text)}, not a number`)
  return Number(text)
}

/**
 * What the variables say about the agent. It always sets name and role; a script that is started by hand may
 * have neither.
 */
export function scriptContext(env: NodeJS.ProcessEnv): ScriptContext {
  const variables = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    name.startsWith('SERF_') && value !== undefined ? [[name, value]] : [],
  )
  const tags = variables
    .filter(([name]) => name.startsWith(TAG_PREFIX))
    .map(([name, value]) => [name.slice(TAG_PREFIX.length), value] as const)
  return {
    // `fromEntries` makes a property of every name, even `__proto__`.
    self: {
      name: env['SERF_SELF_NAME'] ?? '',
      role: env['SERF_SELF_ROLE'] ?? '',
      tags: Object.fromEntries(tags),
    },
    environment: Object.fromEntries(variables),
  }
}
