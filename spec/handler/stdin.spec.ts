import { Readable } from 'node:stream'
import { MAX_STDIN_BYTES, readSource } from '../../lib/handler/stdin'

describe('readSource', () => {
  it.each([
    ['text', 'foo'],
    ['bytes', Uint8Array.from(Buffer.from('foo'))],
    ['a stream', Readable.from([Buffer.from('f'), Buffer.from('oo')])],
    ['a stream of text', Readable.from(['fo', 'o'])],
  ])('reads %s to its end', async (_name, source) => {
    expect((await readSource(source)).toString()).toBe('foo')
  })

  it('puts characters together that came in pieces', async () => {
    const bytes = Buffer.from('grün')
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte))
    expect((await readSource(Readable.from(pieces))).toString()).toBe('grün')
  })

  it('rejects with what the stream says', async () => {
    const error = new Error('broken on purpose')
    const source = new Readable({
      read() {
        this.destroy(error)
      },
    })
    await expect(readSource(source)).rejects.toBe(error)
  })

  it('stops at the bound, whatever more there is', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      const piece = Buffer.alloc(1024 * 1024)
      for (;;) yield await Promise.resolve(piece)
    }
    await expect(readSource(endless())).rejects.toMatchObject({
      name: 'HandlerError',
      code: 'STDIN_TOO_LARGE',
    })
    expect(await readSource(Buffer.alloc(MAX_STDIN_BYTES))).toHaveLength(MAX_STDIN_BYTES)
  })
})
