import { fstatSync, readSync } from 'node:fs'
import type { Payload } from '../payload'
import { codeOf, messageOf } from '../system-error'
import { handlerError } from './handler-error'

/**
 * How many bytes of stdin are read: enough for a member event of tens of thousands of members; a payload has
 * at most 60 KB.
 */
export const MAX_STDIN_BYTES = 32 * 1024 * 1024

const STDIN = 0
const CHUNK_BYTES = 64 * 1024

/** What to read instead of stdin: all of it at once, or in pieces, as from a stream. */
export type StdinSource = Payload | AsyncIterable<Payload>

let ofProcess: Promise<Buffer> | undefined

/** Reads the stdin of the process to its end. It is read only once, however often this is called. */
export function readProcessStdin(): Promise<Buffer> {
  return (ofProcess ??= readDescriptor())
}

/** Reads a source to its end. */
export async function readSource(source: StdinSource): Promise<Buffer> {
  const gathered = new Gathered()
  if (typeof source === 'string' || source instanceof Uint8Array) gathered.add(source)
  else for await (const piece of source) gathered.add(piece)
  return gathered.bytes()
}

/**
 * Reads the descriptor itself, because `process.stdin` costs a script some 10 ms. It blocks, which is fine
 * for a script: it has nothing else to do before its data is there.
 */
async function readDescriptor(): Promise<Buffer> {
  const gathered = new Gathered()
  if (isDevice()) return gathered.bytes()
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  for (;;) {
    let count: number
    try {
      count = readSync(STDIN, chunk)
    } catch (error) {
      const code = codeOf(error)
      // On Windows a pipe ends with the error EOF. A descriptor that was never opened has no data either.
      if (code === 'EOF' || code === 'EBADF') return gathered.bytes()
      // Somebody has made the pipe non-blocking, and there is nothing yet. Only an event loop can wait for
      // it.
      if (code === 'EAGAIN') return readStream(gathered)
      throw handlerError('STDIN_UNREADABLE', `stdin cannot be read (${code ?? messageOf(error)})`, error)
    }
    if (count === 0) return gathered.bytes()
    gathered.add(Buffer.from(chunk.subarray(0, count)))
  }
}

/** A terminal would wait for somebody to type, and /dev/null is empty. An agent gives a pipe. */
function isDevice(): boolean {
  try {
    return fstatSync(STDIN).isCharacterDevice()
  } catch {
    return false // reading it says what is wrong
  }
}

async function readStream(gathered: Gathered): Promise<Buffer> {
  for await (const piece of process.stdin) gathered.add(piece as Buffer)
  return gathered.bytes()
}

class Gathered {
  readonly #pieces: Uint8Array[] = []
  #length = 0

  add(piece: Payload): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    this.#length += bytes.length
    if (this.#length > MAX_STDIN_BYTES) {
      throw handlerError(
        'STDIN_TOO_LARGE',
        `more than ${MAX_STDIN_BYTES} bytes on stdin: no agent sends that`,
      )
    }
    this.#pieces.push(bytes)
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces)
  }
}
