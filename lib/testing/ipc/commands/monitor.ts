import { logFilter } from '../../cluster/log'
import { monitorRequest } from '../../wire/requests'
import { LogStream } from '../log-stream'
import { command } from './command'

/** Sends the last lines that the agent has kept, then each line as it is written. */
export const monitor = command(monitorRequest, ({ client, seq, reply }, { LogLevel }) => {
  const level = LogLevel.toUpperCase()
  const filter = logFilter(level)
  if (filter === undefined) reply.fail(`Unknown log level: ${level}`)
  else if (client.monitor) reply.fail('Monitor already exists')
  else {
    reply.succeed()
    const { log } = client.serf
    client.monitor = new LogStream(seq, filter, reply)
    log.past.forEach(client.monitor.follow)
    log.followers.add(client.monitor.follow)
  }
})
