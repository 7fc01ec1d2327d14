import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../support/time/until'
import { buildEntry, elsewhere, FIXTURES } from '../support/run/jobs-entry'
import { ended, JobFolder, runs } from '../support/run/job-folder'
import { processStatus } from '../support/run/processes'

let folder: JobFolder
let entry: string
beforeEach(() => {
  folder = new JobFolder()
  entry = buildEntry(folder.path).file
})
afterEach(() => folder[Symbol.asyncDispose]())

/** A field of /proc/PID/stat, counted as proc(5) does. */
function statField(pid: number, field: number): string | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[field - 3]
}

const groupOf = (pid: number) => Number(statField(pid, 5))
const sessionOf = (pid: number) => Number(statField(pid, 6))

/** Where the descriptors of a process lead to. */
function descriptorsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`))
}

describe('a job whose handler has ended', () => {
  const options = () => folder.options({ command: ['sleep', '300'] })

  it('runs on, adopted by init, each of the two in a session of its own', async () => {
    expect(elsewhere(entry, options(), 'start')).toEqual(['success'])
    const { pid, ppid } = await runs(folder.job(options()))
    expect(processStatus(pid)).toMatchObject({ PPid: String(ppid), Name: 'sleep' })
    expect(ancestors()).toContain(Number(processStatus(ppid)?.['PPid']))
    expect(groupOf(pid)).toBe(pid)
    expect(groupOf(ppid)).toBe(ppid)
    expect([sessionOf(pid), sessionOf(ppid)]).not.toContain(sessionOf(process.pid))
  })

  it('costs one small process beside the command', async () => {
    elsewhere(entry, options(), 'start')
    const { pid, ppid } = await runs(folder.job(options()))
    await until('nothing else is there', () => folder.processes().sort().join() === [pid, ppid].sort().join())
    expect(parseInt(processStatus(ppid)?.['VmRSS'] ?? '', 10)).toBeLessThan(4096)
  })

  it('is deaf to no signal that people send', async () => {
    elsewhere(entry, options(), 'start')
    const { pid } = await runs(folder.job(options()))
    const mask = (name: string) => BigInt(`0x${processStatus(pid)?.[name] ?? ''}`) & 0x7fff_ffffn
    expect([mask('SigIgn'), mask('SigBlk')]).toEqual([0n, 0n])
  })

  it('holds nothing that the handler, or who started that, had open', async () => {
    // As an agent would: pipes for stdin, stdout and stderr, and more that it forgot to close, with low and
    // high numbers.
    const script = 'exec 3>&1 9>&1; exec "$@" 20>&1 57>&1 250>&1'
    const steps = [process.execPath, join(FIXTURES, 'steps.cjs'), entry, JSON.stringify(options()), 'start']
    const handler = spawn('bash', ['-c', script, 'agent', ...steps], { stdio: 'pipe' })
    let answer = ''
    handler.stdout.on('data', (text) => (answer += String(text)))
    // Resolves when the last descriptor of the pipes is closed: the agent would wait for that, too.
    await new Promise((resolve) => handler.once('close', resolve))
    expect(answer).toBe('["success"]')
    const { pid, ppid } = await runs(folder.job(options()))
    expect(new Set(descriptorsOf(pid))).toEqual(new Set(['/dev/null']))
    expect(new Set(descriptorsOf(ppid))).toEqual(new Set(['/dev/null']))
    expect(readlinkSync(`/proc/${ppid}/cwd`)).toBe('/')
  })

  it('keeps only the command to the files that it writes', async () => {
    elsewhere(entry, { ...options(), stdout: folder.at('out') }, 'start')
    const { pid, ppid } = await runs(folder.job(options()))
    expect(descriptorsOf(pid)).toContain(folder.at('out'))
    expect(descriptorsOf(ppid)).not.toContain(folder.at('out'))
  })
})

describe('kill', () => {
  it('reaches the children of the command, and not its supervisor', async () => {
    const job = folder.job({
      command: ['bash', '-c', 'sleep 300 & sleep 300 & echo up; wait'],
      stdout: folder.at('out'),
    })
    job.start()
    await runs(job)
    await until('the command is up', () => folder.read('out') === 'up\n')
    await until('its children are there', () => folder.processes().length === 4)
    expect(job.kill('SIGTERM')).toBe('success')
    await folder.noProcessLeft()
    expect(job.state()).toMatchObject({ status: 'finished', signal: 'SIGTERM' })
  })

  it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGTERM'] as const)(
    'sends %s',
    async (signal) => {
      const job = folder.job({
        command: `ulimit -c 0; trap 'echo ${signal}; exit 9' ${signal.slice(3)}; echo up; while :; do sleep 0.01; done`,
        stdout: folder.at('out'),
      })
      job.start()
      await until('the trap is set', () => job.state().status === 'running' && folder.read('out') === 'up\n')
      expect(job.kill(signal)).toBe('success')
      expect(await ended(job)).toMatchObject({ status: 'finished', exitstatus: 9 })
      expect(folder.read('out')).toBe(`up\n${signal}\n`)
    },
  )

  it('can stop a job, which runs on later', async () => {
    const job = folder.job({ command: ['sleep', '300'] })
    job.start()
    const { pid } = await runs(job)
    expect(job.kill('SIGSTOP')).toBe('success')
    await until('it is stopped', () => processStatus(pid)?.['State']?.startsWith('T'))
    expect(job.state().status).toBe('running')
    expect(job.kill('SIGCONT')).toBe('success')
    await until('it sleeps again', () => processStatus(pid)?.['State']?.startsWith('S'))
    expect(job.kill()).toBe('success')
    expect(await ended(job)).toMatchObject({ signal: 'SIGKILL' })
  })

  it('is failed when the command has ended, though a child of it lives on', async () => {
    const job = folder.job({ command: ['bash', '-c', 'sleep 300 & exit 0'] })
    job.start()
    expect(await ended(job)).toMatchObject({ status: 'finished', exitstatus: 0 })
    expect(job.kill()).toBe('failed')
    await until('the child is alone', () => folder.processes().length === 1)
  })

  it('throws for what is no signal', () => {
    const job = folder.job({ command: 'true' })
    for (const signal of ['SIGNOT', '', 'toString', '9'])
      expect(() => job.kill(signal as NodeJS.Signals)).toThrow(TypeError)
  })
})

it('leaves no descriptor open in the process that starts it', async () => {
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  const job = folder.job({ command: ['sleep', '300'] })
  job.start()
  await runs(job)
  await until('no descriptor of it is left', () => open() <= before)
})

/** The processes above this one: init, and whoever else may adopt orphans in its place. */
function ancestors(): number[] {
  const pids: number[] = []
  for (let pid = process.ppid; pid > 0; pid = Number(processStatus(pid)?.['PPid'])) pids.push(pid)
  return pids
}
