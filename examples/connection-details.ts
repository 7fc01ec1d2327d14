// Connects with host, port and key from environment variables of your own.
//
//   AGENT_HOST=10.0.0.1 AGENT_PORT=7373 AGENT_KEY=secret npx tsx examples/connection-details.ts
//
// Variables that are not set have defaults: $SERF_RPC_ADDR (else 127.0.0.1:7373) and $SERF_RPC_AUTH (else no
// key).
import { connect } from 'serfx'
import { defer, map } from 'rxjs'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

const { AGENT_HOST, AGENT_PORT, AGENT_KEY } = process.env
const options = {
  host: AGENT_HOST,
  port: AGENT_PORT === undefined ? undefined : Number(AGENT_PORT),
  authKey: AGENT_KEY,
}

// Inside defer, a port that is no number is an error like any other.
defer(() =>
  connect(options, ({ host, port, stats }) =>
    stats().pipe(map(({ agent }) => `${host}:${port} is ${printable(agent.name)}`)),
  ),
).subscribe({
  next: (line) => console.log(line),
  // A wrong key is an RpcError with the code INVALID_AUTH_TOKEN, a missing one has the code AUTH_REQUIRED.
  error: failed,
})
