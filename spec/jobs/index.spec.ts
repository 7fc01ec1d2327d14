import { builtinModules } from 'node:module'
import * as jobs from 'serfx/jobs'
import { buildEntry } from '../support/run/jobs-entry'
import { JobFolder } from '../support/run/job-folder'

it('exports these names, and no others', () => {
  expect(Object.keys(jobs).sort()).toEqual(['AsyncJob', 'jobControl'])
})

it('loads modules of Node alone', async () => {
  await using folder = new JobFolder()
  const { inputs, loads } = buildEntry(folder.path)
  expect(inputs.filter((file) => !/^lib\/(jobs\/|(errors|system-error|arguments)\.ts$)/.test(file))).toEqual(
    [],
  )
  expect(
    loads.map((name) => name.replace(/^node:/, '')).filter((name) => !builtinModules.includes(name)),
  ).toEqual([])
  expect(loads).not.toContain('node:net')
})
