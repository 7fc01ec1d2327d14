import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

it('covers each inherited descriptor with one of its own, as Deno demands, and closes all', () => {
  const script = `
    const { readdirSync } = require('node:fs')
    const { coverInherited } = require(${JSON.stringify(resolve('dist/jobs/descriptors.js'))})
    const count = () => readdirSync('/proc/self/fd').length
    const before = count()
    const { stdio, close } = coverInherited()
    close()
    console.log(JSON.stringify({ stdio, left: count() - before }))`
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'exec "$@" 20>/dev/null 57>/dev/null', 'parent', process.execPath, '-e', script],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  const { stdio, left } = JSON.parse(stdout) as { stdio: (number | 'ignore')[]; left: number }
  const covers = stdio.filter((entry) => entry !== 'ignore')
  expect([stdio[20 - 3], stdio[57 - 3]]).toEqual([expect.any(Number), expect.any(Number)])
  expect(new Set(covers).size).toBe(covers.length)
  expect(left).toBe(0)
})
