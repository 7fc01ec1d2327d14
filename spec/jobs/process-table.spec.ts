import { spawn } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { bootId, lookUp } from '../../lib/jobs/process-table'
import { JobFolder } from '../support/run/job-folder'

it('finds this process, always the same', () => {
  const found = lookUp(process.pid)
  expect(found).toMatchObject({ zombie: false, mark: expect.stringMatching(/^\d+$/) })
  expect(lookUp(process.pid)).toEqual(found)
})

it('finds no process where there is none', () => {
  expect(lookUp(2 ** 22 + 1)).toBeUndefined()
})

it('reads past a name that looks like the rest of the line', async () => {
  await using folder = new JobFolder()
  const program = folder.at('a) Z 1 1 (b')
  copyFileSync('/bin/sleep', program)
  const child = spawn(program, ['300'], { detached: true, env: folder.environment })
  expect(lookUp(child.pid ?? 0)).toMatchObject({ group: child.pid, zombie: false })
  child.kill()
})

it('knows the boot of the machine', () => {
  expect(bootId()).toMatch(/^[0-9a-f-]{36}$/)
})
