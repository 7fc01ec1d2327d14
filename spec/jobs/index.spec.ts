import { execFileSync } from 'node:child_process'
import { builtinModules } from 'node:module'
import * as jobs from 'serfx/jobs'
import { buildEntry } from '../support/run/jobs-entry'
import { JobFolder } from '../support/run/job-folder'

it('exports these names, and no others', () => {
  expect(Object.keys(jobs).sort()).toEqual(['AsyncJob', 'jobControl'])
})

it('loads modules of Node alone; rxjs is not there where it is loaded, and only watch() asks for it', async () => {
  await using folder = new JobFolder()
  const { file, inputs, loads } = buildEntry(folder.path)
  expect(inputs.filter((file) => !/^lib\/(jobs\/|(errors|system-error|arguments)\.ts$)/.test(file))).toEqual(
    [],
  )
  const foreign = loads
    .map((name) => name.replace(/^node:/, ''))
    .filter((name) => !builtinModules.includes(name))
  expect(foreign).toEqual(['rxjs'])
  const script = `
    const { AsyncJob } = require(${JSON.stringify(file)})
    const job = new AsyncJob({ command: 'true', state: 'state' })
    console.log(job.stateInfo())
    try { job.watch() } catch ({ code }) { console.log(code) }`
  const output = execFileSync(process.execPath, ['-e', script], { cwd: folder.path, encoding: 'utf8' })
  expect(output).toBe('{"status":"absent"}\nMODULE_NOT_FOUND\n')
  expect(loads).not.toContain('node:net')
})
