import { openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scriptFolder } from '../support/run/packed'
import { runScript, type ScriptResult } from '../support/run/run-script'

const folder = scriptFolder('handler')
const script = (name: string): string => join(folder, name)
const query = (name: string): Record<string, string> => ({
  SERF_EVENT: 'query',
  SERF_QUERY_NAME: name,
  SERF_QUERY_LTIME: '1',
  SERF_SELF_NAME: 'node-a',
  SERF_SELF_ROLE: '',
})
const user = { SERF_EVENT: 'user', SERF_USER_EVENT: 'deploy', SERF_USER_LTIME: '1' }
const nothing = Buffer.alloc(0)

/** What an agent sends nothing of: a status that is not 0, and nothing on stdout. */
function expectFailure(result: ScriptResult, ...words: string[]): void {
  expect(result).toMatchObject({ status: 1, stdout: nothing })
  for (const word of words) expect(result.stderr).toContain(word)
}

describe('a script that was started for a query', () => {
  it.each<[string, Uint8Array | string]>([
    ['text', 'FOO'],
    ['bytes', Uint8Array.of(0, 255, 10)],
    ['promise', 'FOO'],
    ['observable', 'FOO'],
    ['largest', 'x'.repeat(8192)],
    ['nothing', ''],
    ['empty', ''],
    ['instead-of-failure', 'broken on purpose'],
    ['instead-of-too-large', 'ANSWER_TOO_LARGE'],
  ])('answers from %s, and writes nothing else', async (name, answer) => {
    expect(await runScript(script('answers.mjs'), { env: query(name), input: 'foo\n' })).toEqual({
      status: 0,
      stdout: Buffer.from(answer),
      stderr: '',
    })
  })

  it('ends quietly when no pipeline is for it', async () => {
    for (const env of [query('unknown'), user, { SERF_EVENT: 'member-join' }])
      expect(await runScript(script('answers.mjs'), { env })).toEqual({
        status: 0,
        stdout: nothing,
        stderr: '',
      })
  })

  it.each(['fail', 'reject', 'fail-late'])('sends nothing and fails when project fails: %s', async (name) => {
    expectFailure(await runScript(script('answers.mjs'), { env: query(name) }), 'Error: broken on purpose')
  })

  it('sends nothing of an answer over 8192 bytes', async () => {
    expectFailure(
      await runScript(script('answers.mjs'), { env: query('too-large') }),
      'HandlerError: an answer of 8193 bytes',
      "code: 'ANSWER_TOO_LARGE'",
    )
  })

  it('fails when two pipelines answer', async () => {
    const { status, stdout, stderr } = await runScript(script('answers.mjs'), { env: query('twice') })
    expect(status).toBe(1) // so the agent sends nothing of the first answer either
    expect(stdout.toString()).toBe('FOO')
    expect(stderr).toContain("code: 'ALREADY_ANSWERED'")
  })

  it('says so when whoever read its answer is gone', async () => {
    const { status, stderr } = await runScript(script('upcase.mjs'), {
      env: query('upcase'),
      feed: (stdin, { stdout }) => {
        stdout.once('close', () => stdin.end('foo\n')) // only now it goes on to answer
        stdout.destroy()
      },
    })
    expect(status).toBe(1)
    expect(stderr).toContain('HandlerError: stdout did not take the answer: its reader is gone (EPIPE)')
    expect(stderr).toContain("code: 'ANSWER_NOT_SENT'")
  })
})

describe('a script that was started wrongly', () => {
  it.each<[string, Record<string, string>, string, string]>([
    ['by hand', {}, "'query:NAME=/path/to/script'", 'NO_EVENT'],
    ['for an unknown event', { SERF_EVENT: 'member-gone' }, 'SERF_EVENT is "member-gone"', 'UNKNOWN_EVENT'],
    ['for a query without a name', { SERF_EVENT: 'query' }, 'no SERF_QUERY_NAME', 'INVALID_ENVIRONMENT'],
    ['for a user event without a name', { SERF_EVENT: 'user' }, 'no SERF_USER_EVENT', 'INVALID_ENVIRONMENT'],
    ['with a member line too short', { SERF_EVENT: 'member-join' }, 'stdin, line 1', 'INVALID_MEMBER'],
  ])('%s, says so and fails', async (_name, env, words, code) => {
    for (const name of ['upcase.mjs', 'upcase.cjs'])
      expectFailure(
        await runScript(script(name), { env, input: 'a\tb' }),
        `HandlerError: `,
        words,
        `code: '${code}'`,
      )
  })
})

describe('the payload of a script', () => {
  const hex = (payload: string | Uint8Array): string => `<${Buffer.from(payload).toString('hex')}>`
  const ran = (output: string): ScriptResult => ({ status: 0, stdout: Buffer.from(output), stderr: '' })

  it.each<[string, string | Uint8Array, string | Uint8Array]>([
    ['empty', '', ''],
    ['without newline', 'foo', 'foo'],
    ['with a newline', 'foo\n', 'foo'],
    ['with two', 'foo\n\n', 'foo\n\n'],
    ['binary', Buffer.from([0, 255, 0xc3, 10, 13]), Buffer.from([0, 255, 0xc3, 10, 13])],
    ['of 9 KiB', 'x'.repeat(9216), 'x'.repeat(9216)],
    ['larger than what is read at once', 'x'.repeat(200_000), 'x'.repeat(200_000)],
  ])('%s, arrives as it was sent', async (_name, input, payload) => {
    for (const env of [user, query('payload')])
      expect(await runScript(script('payload.mjs'), { env, input })).toEqual(ran(hex(payload)))
  })

  it('arrives whole when it comes in pieces, each after the one before was read', async () => {
    const result = await runScript(script('payload.mjs'), {
      env: user,
      feed: (stdin) => {
        const pieces = ['f', 'o', 'o', '\n']
        const next = (): void => {
          const piece = pieces.shift()
          if (piece === undefined) stdin.end()
          else stdin.write(piece, () => setImmediate(next))
        }
        next()
      },
    })
    expect(result).toEqual(ran(hex('foo')))
  })

  it('is waited for when it comes late, also on a pipe that does not block', async () => {
    const result = await runScript(script('nonblocking.mjs'), {
      env: user,
      feed: (stdin, { stderr }) => {
        stderr.once('data', () => {
          stdin.write('fo')
          setImmediate(() => stdin.end('o\n'))
        })
      },
    })
    expect(result).toEqual({ ...ran(hex('foo')), stderr: 'ready' })
  })

  it('is what a file holds', async () => {
    const file = join(folder, 'payload')
    writeFileSync(file, 'foo\n')
    const stdio = [openSync(file, 'r'), 'pipe', 'pipe'] as const
    expect(await runScript(script('payload.mjs'), { env: user, stdio: [...stdio] })).toEqual(ran(hex('foo')))
  })

  it.each<[string, () => 'ignore' | number]>([
    ['/dev/null', () => 'ignore'],
    ['a terminal', () => openSync('/dev/ptmx', 'r+')],
  ])('is empty on %s', async (_name, stdin) => {
    const result = await runScript(script('payload.mjs'), { env: user, stdio: [stdin(), 'pipe', 'pipe'] })
    expect(result).toEqual(ran(hex('')))
  })

  it('is empty on a descriptor that is closed', async () => {
    const shell = join(folder, 'closed.cjs')
    const args = ['-c', `"$0" ${script('payload.mjs')} <&-`, process.execPath]
    const spawned = `spawnSync('/bin/sh', ${JSON.stringify(args)}, { stdio: 'inherit' })`
    writeFileSync(shell, `require('node:child_process').${spawned}`)
    expect(await runScript(shell, { env: user })).toEqual(ran(hex('')))
  })

  it('fails when stdin cannot be read', async () => {
    const result = await runScript(script('payload.mjs'), {
      env: user,
      stdio: [openSync(folder, 'r'), 'pipe', 'pipe'],
    })
    expectFailure(result, 'stdin cannot be read (EISDIR)', "code: 'STDIN_UNREADABLE'")
  })
})
