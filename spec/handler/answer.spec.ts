import { runInNewContext } from 'node:vm'
import { answerOnce, MAX_ANSWER_BYTES } from '../../lib/handler/answer'

function recording(): { written: string[]; write: (bytes: Uint8Array) => Promise<void> } {
  const written: string[] = []
  return {
    written,
    write: (bytes) => {
      written.push(Buffer.from(bytes).toString())
      return Promise.resolve()
    },
  }
}

describe('answerOnce', () => {
  it('writes an answer as it is', async () => {
    const { written, write } = recording()
    await answerOnce(write)('grün')
    await answerOnce(write)(Uint8Array.of(0x41, 0x0a))
    await answerOnce(write)('')
    expect(written).toEqual(['grün', 'A\n', ''])
  })

  it('refuses a second answer, whatever the first was', async () => {
    const { written, write } = recording()
    const answer = answerOnce(write)
    await answer('')
    await expect(answer('BAR')).rejects.toMatchObject({ name: 'HandlerError', code: 'ALREADY_ANSWERED' })
    expect(written).toEqual([''])
  })

  it('refuses a second answer while the first is being written', async () => {
    const answer = answerOnce(() => Promise.resolve())
    const first = answer('FOO')
    await expect(answer('BAR')).rejects.toMatchObject({ code: 'ALREADY_ANSWERED' })
    await expect(first).resolves.toBeUndefined()
  })

  it('counts bytes, and writes nothing of an answer that the agent would cut', async () => {
    const { written, write } = recording()
    const answer = answerOnce(write)
    await expect(answer('ü'.repeat(MAX_ANSWER_BYTES / 2) + '!')).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      message: expect.stringContaining('an answer of 8193 bytes'),
    })
    await answer('x'.repeat(MAX_ANSWER_BYTES)) // it can still give a shorter one
    expect(written.map((text) => text.length)).toEqual([MAX_ANSWER_BYTES])
  })

  it('says why when it cannot be written, also to a second answer', async () => {
    const cause = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    const answer = answerOnce(async () => Promise.reject(cause))
    const failure = {
      name: 'HandlerError',
      code: 'ANSWER_NOT_SENT',
      message: 'stdout did not take the answer: its reader is gone (EPIPE)',
      cause,
    }
    await expect(answer('FOO')).rejects.toMatchObject(failure)
    await expect(answer('BAR')).rejects.toMatchObject(failure)
  })

  it('says why also where the error has no code, or is none', async () => {
    for (const [cause, reason] of [
      [Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }), 'write ENOSPC'],
      [runInNewContext('new Error("of another realm")'), 'of another realm'],
      ['a text', 'a text'],
    ])
      await expect(answerOnce(async () => Promise.reject(cause as Error))('FOO')).rejects.toMatchObject({
        code: 'ANSWER_NOT_SENT',
        message: `stdout did not take the answer: ${String(reason)}`,
      })
  })
})
