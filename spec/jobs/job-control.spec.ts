import { jobControl } from 'serfx/jobs'
import { becomes, ended, JobFolder, runs } from '../support/run/job-folder'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

it('starts, checks, kills and reaps, and answers each time', async () => {
  const job = folder.job({ command: ['sleep', '300'] })
  const control = jobControl(job)
  const ask = (text: string) => control({ text })
  expect(ask('check')).toBe('{"status":"absent"}')
  expect([ask('kill'), ask('reap')]).toEqual(['failed', 'failed'])
  expect(ask('start')).toBe('success')
  expect(ask('start')).toBe('failed')
  await runs(job)
  expect(JSON.parse(ask('check'))).toMatchObject({ status: 'running' })
  expect(ask('reap')).toBe('failed')
  expect(ask('kill')).toBe('success')
  await ended(job)
  expect(JSON.parse(ask('check'))).toMatchObject({ status: 'finished', signal: 'SIGKILL' })
  expect([ask('kill'), ask('start'), ask('reap'), ask('check')]).toEqual([
    'failed',
    'failed',
    'success',
    '{"status":"absent"}',
  ])
})

it('takes blanks around the word for none', async () => {
  const job = folder.job({ command: 'true' })
  expect(jobControl(job)({ text: ' start\n' })).toBe('success')
  await becomes(job, 'finished')
})

it.each(['', 'START', 'stop', 'start now', 'start check', 'toString', '\0', 'é'])(
  'answers %j with failed',
  (text) => {
    const job = folder.job({ command: 'true' })
    expect(jobControl(job)({ text })).toBe('failed')
    expect(job.state()).toEqual({ status: 'absent' })
  },
)

it('answers with the reason where start throws', () => {
  const job = folder.job({ command: 'true', state: folder.at(`${'nowhere/'.repeat(60)}state.json`) })
  const answer = jobControl(job)({ text: 'start' })
  expect(answer).toMatch(/^failed: .*nowhere/)
  expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(300)
})
