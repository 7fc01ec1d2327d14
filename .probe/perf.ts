import { connect, createClient, type Connection, type Client } from '../lib/index'
import { SerfAgent } from '../spec/support/serf-agent'
import { firstValueFrom, range, mergeMap, lastValueFrom } from 'rxjs'
async function go(name: string, c: Connection | Client) {
  const n = 100_000
  await lastValueFrom(range(0, 20000).pipe(mergeMap(() => c.getCoordinate('x'), 64)))
  const cpu = process.cpuUsage(); const t = performance.now()
  await lastValueFrom(range(0, n).pipe(mergeMap(() => c.getCoordinate('x'), 64)))
  const d = process.cpuUsage(cpu)
  console.log(name, Math.round(n / (performance.now() - t) * 1000), 'req/s', ((d.user + d.system) / n).toFixed(2), 'us cpu/req', 'heap', (process.memoryUsage().heapUsed/1e6).toFixed(0))
}
;(async () => {
  const agent = await SerfAgent.start()
  const conn = await firstValueFrom(connect({ host: agent.host, port: agent.port }))
  const client = createClient({ host: agent.host, port: agent.port })
  for (let i = 0; i < 3; i++) { await go('connection', conn); await go('client', client) }
  conn.close(); client.close(); await agent.stop()
})()
