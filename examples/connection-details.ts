// Says where the agent is, and proves the key, with details from variables of your own.
//
//   AGENT_HOST=10.0.0.1 AGENT_PORT=7373 AGENT_KEY=secret npx tsx examples/connection-details.ts
//
// One that is not set has its default: $SERF_RPC_ADDR (else 127.0.0.1:7373) and $SERF_RPC_AUTH (else no key).
import { connect } from 'serfx'
import { map } from 'rxjs'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

const { AGENT_HOST, AGENT_PORT, AGENT_KEY } = process.env
const options = {
  host: AGENT_HOST,
  port: AGENT_PORT === undefined ? undefined : Number(AGENT_PORT),
  authKey: AGENT_KEY,
}

connect(options, ({ host, port, stats }) =>
  stats().pipe(map(({ agent }) => `${host}:${port} is ${printable(agent.name)}`)),
).subscribe({
  next: (line) => console.log(line),
  // A wrong key is an RpcError with the code INVALID_AUTH_TOKEN, one that is missing AUTH_REQUIRED.
  error: failed,
})
