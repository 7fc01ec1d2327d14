import fs from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { writeProcessStdout, writeStream } from '../../lib/handler/stdout'

function systemError(code: string): Error {
  return Object.assign(new Error(`write ${code}`), { code })
}

describe('writeProcessStdout', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  /** Takes the place of the descriptor: takes so many bytes at a time, then does what is next. */
  function descriptor(...steps: (number | Error)[]): Buffer[] {
    const taken: Buffer[] = []
    const write = (_fd: number, bytes: Uint8Array, offset: number): number => {
      const step = steps.shift() ?? bytes.length
      if (step instanceof Error) throw step
      taken.push(Buffer.from(bytes.subarray(offset, offset + step)))
      return Math.min(step, bytes.length - offset)
    }
    jest.spyOn(fs, 'writeSync').mockImplementation(write as typeof fs.writeSync)
    return taken
  }

  it('goes on until all is written', async () => {
    const taken = descriptor(1, 2)
    await writeProcessStdout(Buffer.from('answer'))
    expect(taken.map(String)).toEqual(['a', 'ns', 'wer'])
  })

  it('leaves the rest to the stream when the pipe is full', async () => {
    const taken = descriptor(2, systemError('EAGAIN'))
    const stream = new PassThrough()
    jest.spyOn(process, 'stdout', 'get').mockReturnValue(stream as unknown as typeof process.stdout)
    await writeProcessStdout(Buffer.from('answer'))
    stream.end()
    expect(taken.map(String)).toEqual(['an'])
    expect(await text(stream)).toBe('swer')
  })

  it('rejects when nobody reads', async () => {
    const error = systemError('EPIPE')
    descriptor(error)
    await expect(writeProcessStdout(Buffer.from('answer'))).rejects.toBe(error)
  })
})

describe('writeStream', () => {
  it('waits until the stream has passed the bytes on, and leaves no listener', async () => {
    const stream = new PassThrough()
    await writeStream(stream, Buffer.from('answer'))
    expect(stream.listenerCount('error')).toBe(0)
    stream.end()
    expect(await text(stream)).toBe('answer')
  })

  it('rejects with what the stream says, which ends no process', async () => {
    const error = systemError('EPIPE')
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(error) })
    await expect(writeStream(stream, Buffer.from('answer'))).rejects.toBe(error)
  })
})
