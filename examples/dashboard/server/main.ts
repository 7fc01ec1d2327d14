// The dashboard of a Serf cluster; see ../README.md.
import { failed } from '../../terminal/failed'
import { startDashboard } from './dashboard'
import { startDemo } from './demo/demo'
import { isLoopback, type ProgramOptions, readOptions, USAGE } from './options'

async function main(): Promise<void> {
  if (['--help', '-h'].some((flag) => process.argv.includes(flag))) {
    console.log(USAGE)
    return
  }
  const options = readOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd())
  const stopped = stopSignal()
  const stops: (() => Promise<void>)[] = []
  try {
    const status = await Promise.race([start(options, stops), stopped])
    // What has only half started ends with the process.
    if (status !== undefined) process.exit(status)
    process.exitCode = await stopped
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** Adds to `stops` what ends each part. */
async function start(
  { agent, ...options }: ProgramOptions,
  stops: (() => Promise<void>)[],
): Promise<undefined> {
  const shown = agent ? { agent } : await startDemo()
  if ('stop' in shown) {
    stops.push(shown.stop)
    console.log(shown.kind)
  }
  const dashboard = await startDashboard({ ...options, agent: shown.agent })
  stops.push(dashboard.close)
  const { host, port } = options.listen
  if (!isLoopback(host)) console.error(`Everyone who reaches ${host}:${port} sees the cluster.`)
  console.log(`The dashboard is at ${dashboard.url}`)
  return undefined
}

/**
 * Resolves with the status that the first signal asks for. Ctrl-C under npm sends two, so later ones change
 * nothing.
 */
function stopSignal(): Promise<number> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve(130))
    process.on('SIGTERM', () => resolve(143))
  })
}

main().catch(failed)
