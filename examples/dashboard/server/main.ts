// The dashboard of a Serf cluster; see ../README.md.
import { failed } from '../../terminal/failed'
import { startDashboard } from './dashboard'
import { startDemo } from './demo/demo'
import { isLoopback, readOptions, USAGE } from './options'

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(USAGE)
    return
  }
  const { agent, ...options } = readOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd())
  const stops: (() => Promise<void>)[] = []
  const stopped = stopSignal()
  try {
    const shown = agent ? { agent } : await startDemo()
    if ('stop' in shown) {
      stops.push(shown.stop)
      console.log(shown.kind)
    }
    const { host, port } = options.listen
    const dashboard = await startDashboard({ ...options, agent: shown.agent })
    stops.push(dashboard.close)
    if (!isLoopback(host)) console.error(`Everyone who reaches ${host}:${port} sees the cluster.`)
    console.log(`The dashboard is at ${dashboard.url}`)
    process.exitCode = await stopped
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** Resolves with the status that the signal asks for. */
function stopSignal(): Promise<number> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve(130))
    process.once('SIGTERM', () => resolve(143))
  })
}

main().catch(failed)
