import { authRequest, handshakeRequest } from '../../wire/requests'
import { command } from './command'

const VERSION = 1

export const handshake = command(handshakeRequest, ({ client, reply }, { Version }) => {
  if (Version !== VERSION) reply.fail('Unsupported IPC version')
  else if (client.handshaken) reply.fail('Handshake already performed')
  else {
    client.handshaken = true
    reply.succeed()
  }
})

export const auth = command(authRequest, ({ client, reply }, { AuthKey }) => {
  if (AuthKey !== client.serf.options.authKey) {
    reply.fail('Invalid authentication token')
    return
  }
  client.authenticated = true
  reply.succeed()
})
