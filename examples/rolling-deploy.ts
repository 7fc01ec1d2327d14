// Deploys a version wave by wave, and stops at the first failure.
//
//   npx tsx examples/rolling-deploy.ts v1.2.3 --wave stage=canary --wave role=web --wave role=db
//
// A wave is the alive members with a tag. Each gets the query `deploy` with the version, and is done when it
// answers `ok`. Any other answer, or none before the deadline (--timeout, in ms), ends the deployment with
// status 1, and members of later waves are not asked. On the members a handler does the work, as in
// examples/resident-handler.ts. Long work belongs in a job, as in examples/job-handler.mjs.
import { parseArgs } from 'node:util'
import { connect } from 'serfx'
import { concat } from 'rxjs'
import { showProgress } from './rolling-deploy/show-progress'
import { deployTo, type Wave } from './rolling-deploy/wave'
import { failed } from './terminal/failed'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    wave: { type: 'string', multiple: true, default: [] },
    timeout: { type: 'string', default: '60000' },
  },
})

function waveOf(text: string): Wave {
  const [, tag, value] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (tag === undefined || value === undefined) throw new Error(`--wave ${text} is not TAG=VALUE`)
  return { tag, value }
}

function deploy(): void {
  const [version] = positionals
  const waves = values.wave.map(waveOf)
  if (version === undefined || waves.length === 0)
    throw new Error('usage: rolling-deploy.ts VERSION --wave TAG=VALUE ...')
  const deployment = { version, timeout: Number(values.timeout) }
  // concat: a wave begins when the one before has completed, and an error ends all.
  connect((connection) => concat(...waves.map((wave) => deployTo(connection, wave, deployment)))).subscribe({
    next: (progress) => process.stdout.write(showProgress(progress, process.stdout.isTTY)),
    complete: () => console.log(`${version} is deployed`),
    error: (error: unknown) => {
      if (process.stdout.isTTY) console.log()
      failed(error)
    },
  })
}

try {
  deploy()
} catch (error) {
  failed(error)
}
