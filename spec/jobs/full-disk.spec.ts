import { execFileSync } from 'node:child_process'
import fs, { closeSync, openSync, readdirSync, symlinkSync } from 'node:fs'
import { SerfError } from '../../lib/errors'
import { jobFiles } from '../../lib/jobs/job-files'
import { ended, JobFolder } from '../support/run/job-folder'
import { until } from '../support/time/until'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

/** From here on the job can write no new file: /dev/full says what a full disk says. */
function fillDisk(): void {
  const { ppid = 0, started = 0 } = folder.job({ command: 'true' }).state()
  symlinkSync('/dev/full', jobFiles(folder.at('state.json'), ppid, started).draft)
}

const openGate = () => closeSync(openSync(folder.at('gate'), 'w'))

describe('a disk that is full', () => {
  it.each([
    ['exit 3', { exitstatus: 3 }],
    ['kill -TERM $$', { signal: 'SIGTERM' }],
  ])('keeps no outcome from being recorded: %s', async (command, outcome) => {
    execFileSync('mkfifo', [folder.at('gate')])
    const job = folder.job({ command: `cat ${folder.at('gate')}; ${command}`, name: 'n'.repeat(128) })
    job.start()
    await until('it runs', () => job.state().status === 'running')
    fillDisk()
    openGate()
    expect(await ended(job)).toMatchObject({ status: 'finished', name: 'n'.repeat(128), ...outcome })
    await folder.noProcessLeft()
    expect(folder.read('state.json')).toMatch(/^\{.*\} *\n$/)
    expect(readdirSync(folder.path).sort()).toEqual(['gate', 'state.json'])
    expect(job.reap()).toBe('success')
  })

  it('starts no command whose start cannot be recorded, and says why', async () => {
    execFileSync('mkfifo', [folder.at('gate')])
    const job = folder.job({ command: ['touch', folder.at('ran')], stdout: folder.at('gate') })
    job.start()
    fillDisk()
    execFileSync('cat', [folder.at('gate')])
    expect(await ended(job)).toMatchObject({ status: 'failed', error: expect.stringContaining('disk') })
    await folder.noProcessLeft()
    expect(readdirSync(folder.path).sort()).toEqual(['gate', 'state.json'])
  })

  it('is named by start', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const write = jest.spyOn(fs, 'writeFileSync').mockImplementation(() => {
      throw full
    })
    try {
      folder.job({ command: 'true' }).start()
      throw new Error('nothing was thrown')
    } catch (error) {
      expect(error).toBeInstanceOf(SerfError)
      expect(error).toMatchObject({ code: 'ENOSPC', message: expect.stringContaining('its disk is full') })
    } finally {
      write.mockRestore()
    }
    expect(readdirSync(folder.path)).toEqual([])
  })
})
