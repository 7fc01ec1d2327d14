import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { FIXTURES } from '../support/run/jobs-entry'
import { becomes, ended, JobFolder } from '../support/run/job-folder'

let folder: JobFolder
beforeEach(() => (folder = new JobFolder()))
afterEach(() => folder[Symbol.asyncDispose]())

describe('what the command of a job gets', () => {
  interface Report {
    args: string[]
    env: Record<string, string>
    cwd: string
    umask: number
    stdinIsDevice: boolean
  }
  const report = async (
    args: string[],
    options: Parameters<JobFolder['options']>[0] | object = {},
  ): Promise<Report> => {
    const command = [process.execPath, `${FIXTURES}/report.cjs`, ...args] as [string, ...string[]]
    const job = folder.job({ command, stdout: folder.at('out'), stderr: folder.at('err'), ...options })
    job.start()
    expect(await ended(job)).toMatchObject({ status: 'finished', exitstatus: 0 })
    return JSON.parse(folder.read('out')) as Report
  }

  it('its arguments as they stand', async () => {
    const args = [
      '',
      ' ',
      'a b',
      '"',
      "'",
      "'\"'",
      '$HOME',
      '`id`',
      '$(id)',
      '\\',
      '\\n',
      '\n',
      'a\nb\n',
      '-n',
      '--',
      '*',
      '~',
      '日本 é 🦀',
      '%s',
      '!',
      '',
      '#',
    ]
    expect((await report(args)).args).toEqual(args)
  })

  it('more than a few of them, and long ones, cut where they must not be', async () => {
    const args = Array.from({ length: 500 }, (_, index) => `argument ${index}`)
    const long = ['🦀'.repeat(29_999), "'".repeat(50_000), `x${'é\'"🦀\\'.repeat(9000)}`]
    expect((await report([...args, ...long])).args).toEqual([...args, ...long])
  })

  it('20,000 of them, before the deadline of this spec', async () => {
    const args = Array.from({ length: 20_000 }, (_, index) => `${index}`)
    expect((await report(args)).args).toEqual(args)
  })

  it('the inherited environment with what was added, and nothing of the supervisor', async () => {
    const added = {
      EMPTY: '',
      QUOTES: '\'"`$(id)\\',
      LINES: 'a\nb\n',
      status: 'x',
      code: 'y',
      SERF_TAG_ROLE: 'db',
    }
    process.env['SERFX_JOB_STATE'] = 'of another job'
    const { env } = await report([], { environment: added }).finally(
      () => delete process.env['SERFX_JOB_STATE'],
    )
    expect(env).toMatchObject({ ...added, ...folder.environment, PATH: process.env['PATH'] })
    expect(Object.keys(env).filter((name) => name.startsWith('SERFX_JOB'))).toEqual([])
    const extra = Object.keys(env).filter(
      (name) => !(name in process.env) && !(name in added) && !(name in folder.environment),
    )
    expect(['PWD', 'OLDPWD', 'SHLVL', '_']).toEqual(expect.arrayContaining(extra))
  })

  it('a PATH of its own, which its supervisor does not depend on', async () => {
    mkdirSync(folder.at('bin'))
    symlinkSync(process.execPath, folder.at('bin/my-node'))
    const command = ['my-node', `${FIXTURES}/report.cjs`] as const
    const { env } = await report([], { command, environment: { PATH: `/nowhere::${folder.at('bin')}` } })
    expect(env['PATH']).toBe(`/nowhere::${folder.at('bin')}`)
  })

  it("the handler's working directory and umask, and an empty stdin", async () => {
    const umask = parseInt(execFileSync('/bin/sh', ['-c', 'umask'], { encoding: 'utf8' }), 8)
    expect(await report([])).toMatchObject({ cwd: process.cwd(), umask, stdinIsDevice: true })
  })

  it('a cwd, with a command found from there', async () => {
    mkdirSync(folder.at("it's here"))
    symlinkSync(process.execPath, folder.at("it's here/-node"))
    const command = ['./-node', `${FIXTURES}/report.cjs`] as const
    expect((await report([], { command, cwd: folder.at("it's here") })).cwd).toBe(folder.at("it's here"))
  })

  it('files that it appends to, one for both if so wished', async () => {
    writeFileSync(folder.at('log'), 'before\n')
    const job = folder.job({
      command: 'echo out; echo err >&2',
      stdout: folder.at('log'),
      stderr: folder.at('log'),
    })
    job.start()
    await becomes(job, 'finished')
    expect(folder.read('log')).toBe('before\nout\nerr\n')
  })

  it('a shell, when it is a string, even one that begins with a dash', async () => {
    const job = folder.job({ command: '-x; echo "$0: $((6 * 7))"', stdout: folder.at('out') })
    job.start()
    await becomes(job, 'finished')
    expect(folder.read('out')).toBe('/bin/sh: 42\n')
  })
})
