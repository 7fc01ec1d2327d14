// Lists the members of the cluster.
//
//   npx tsx examples/members.ts
//
// Every example finds its agent by $SERF_RPC_ADDR (default 127.0.0.1:7373) and its key by $SERF_RPC_AUTH:
//
//   SERF_RPC_ADDR=10.0.0.1:7373 SERF_RPC_AUTH=secret npx tsx examples/members.ts
import { connect } from 'serfx'
import { failed } from './terminal/failed'
import { table } from './terminal/table'

const tagList = (tags: Record<string, string>) =>
  Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',')

connect(({ members }) => members()).subscribe({
  next: (members) => {
    const rows = members.map(({ name, addr, port, status, tags }) => [
      name,
      `${addr}:${port}`,
      status,
      tagList(tags),
    ])
    console.log(table([['NAME', 'ADDRESS', 'STATUS', 'TAGS'], ...rows]))
  },
  error: failed,
})
