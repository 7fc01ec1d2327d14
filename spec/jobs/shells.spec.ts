import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, existsSync, openSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AsyncJobOptions } from 'serfx/jobs'
import { resolveJob } from '../../lib/jobs/job-options'
import { launchJob } from '../../lib/jobs/launch-job'
import { findTools, type Tools } from '../../lib/jobs/tools'
import { until } from '../support/time/until'
import { becomes, ended, JobFolder, runs } from '../support/run/job-folder'
import { processStatus } from '../support/run/processes'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

/** A shell as systems have it: under the name `sh`, which for bash means POSIX mode. */
function asSh(shell: string): string {
  symlinkSync(shell, folder.at('sh'))
  return folder.at('sh')
}

function launch(tools: Partial<Tools>, options: Pick<AsyncJobOptions, 'command'> & Partial<AsyncJobOptions>) {
  launchJob(resolveJob(folder.options(options)), { ...findTools(), ...tools })
  return folder.job(options)
}

const shells = ['/bin/sh', '/bin/bash', '/bin/dash'].filter((shell) => existsSync(shell))

describe.each(shells)('where sh is %s', (shell) => {
  const outcomes: [string, object][] = [
    ['exit 7', { exitstatus: 7 }],
    ['kill -TERM $$', { signal: 'SIGTERM' }],
    ['kill -INT $$', { signal: 'SIGINT' }],
    ['exit 255', { exitstatus: 255 }], // Stands for no signal.
  ]

  it.each([...outcomes, ['exit 143', { exitstatus: 143 }]] as const)(
    'awk tells how it ended: %s',
    async (command, outcome) => {
      expect(await ended(launch({ sh: asSh(shell) }, { command }))).toMatchObject({
        status: 'finished',
        ...outcome,
      })
    },
  )

  it.each(outcomes)('without an awk the shell does: %s', async (command, outcome) => {
    const job = launch({ sh: asSh(shell), awk: '' }, { command })
    expect(await ended(job)).toMatchObject({ status: 'finished', ...outcome })
  })

  it.each(outcomes)('without setsid perl makes the group: %s', async (command, outcome) => {
    const job = launch({ sh: asSh(shell), setsid: '' }, { command })
    expect(await ended(job)).toMatchObject({ status: 'finished', ...outcome })
  })

  it.each([[['no-such-command']], [['/']]] as [[string]][])(
    'a command that cannot run is failed: %j',
    async (command) => {
      expect(await ended(launch({ sh: asSh(shell) }, { command }))).toMatchObject({ status: 'failed' })
    },
  )

  it('a command that the system refuses is failed', async () => {
    writeFileSync(folder.at('script'), '#!/no/such/interpreter\n')
    chmodSync(folder.at('script'), 0o755)
    expect(await ended(launch({ sh: asSh(shell) }, { command: [folder.at('script')] }))).toMatchObject({
      status: 'failed',
    })
  })

  it('a SIGINT that comes just after the state says `running` is not lost', async () => {
    const gate = folder.at('gate')
    execFileSync('mkfifo', [gate])
    writeFileSync(folder.at('mv'), `#!/bin/sh\ntrap '' INT\nmv "$@"\ncat ${gate}\n`, { mode: 0o755 })
    const job = launch({ sh: asSh(shell), mv: folder.at('mv') }, { command: ['sleep', '300'] })
    await becomes(job, 'running')
    expect(job.kill('SIGINT')).toBe('success')
    closeSync(openSync(gate, 'w'))
    expect(await ended(job)).toMatchObject({ status: 'finished', signal: 'SIGINT' })
  })

  it('all but the command is one process, which is killed by none of its signals', async () => {
    const job = launch({ sh: asSh(shell), awk: '' }, { command: ['sleep', '300'] })
    const { pid, ppid } = await runs(job)
    await until('the two are alone', () => folder.processes().sort().join() === [pid, ppid].sort().join())
    expect(processStatus(pid)).toMatchObject({ SigIgn: '0000000000000000', PPid: String(ppid) })
    job.kill('SIGINT')
    expect(await ended(job)).toMatchObject({ status: 'finished', signal: 'SIGINT' })
  })
})

describe('with neither setsid nor perl', () => {
  it.each([
    ['exit 7', { exitstatus: 7 }],
    ['kill -TERM $$', { signal: 'SIGTERM' }],
    ['kill -INT $$', { signal: 'SIGINT' }],
    ['exit 255', { exitstatus: 255 }],
  ])("bash's set -m makes the group: %s", async (command, outcome) => {
    const job = launch({ sh: asSh('/bin/bash'), setsid: '', perl: '' }, { command })
    expect(await ended(job)).toMatchObject({ status: 'finished', ...outcome })
  })

  it("a job under bash's set -m can be killed, group and all, and goes on when it is stopped", async () => {
    const command = ['bash', '-c', 'sleep 300 & wait'] as const
    const job = launch({ sh: asSh('/bin/bash'), setsid: '', perl: '' }, { command })
    await runs(job)
    job.kill('SIGSTOP')
    job.kill('SIGINT')
    expect(await ended(job)).toMatchObject({ status: 'finished', signal: 'SIGINT' })
    job.reap()
  })

  const dash = shells.filter((shell) => realpathSync(shell).endsWith('dash')).slice(0, 1)
  for (const shell of dash)
    it(`${shell}, which has no set -m without a terminal, says what to install`, async () => {
      const job = launch({ sh: asSh(shell), setsid: '', perl: '' }, { command: ['sleep', '300'] })
      expect(await ended(job)).toMatchObject({ status: 'failed', error: expect.stringContaining('setsid') })
      await folder.noProcessLeft()
    })
})
