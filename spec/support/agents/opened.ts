import { connect, type Connection, type ConnectionOptions } from 'serfx'
import type { Agent } from './agents'
import { valueOf } from '../observe/values'

/** A ready connection to the agent. Take it with `using`. */
export function opened({ host, port, authKey }: Agent, options: ConnectionOptions = {}): Promise<Connection> {
  return valueOf(connect({ host, port, authKey: authKey ?? '', ...options }))
}
