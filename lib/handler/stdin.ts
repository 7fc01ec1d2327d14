import { fstatSync, readSync } from 'node:fs'
import type { Payload } from '../payload'
import { codeOf, messageOf } from '../system-error'
import { handlerError } from './handler-error'

/** How much of stdin is read: room for a member event of tens of thousands of members; a payload has 9 KiB to 60 KB. */
export const MAX_STDIN_BYTES = 32 * 1024 * 1024

const STDIN = 0
const CHUNK_BYTES = 64 * 1024

/** What an event's data can come from: all of it at once, or in pieces, such as a stream's. */
export type StdinSource = Payload | AsyncIterable<Payload>

let ofProcess: Promise<Buffer> | undefined

/** The stdin of the process, to its end. It is read once, whoever asks. */
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
 * Reads the descriptor itself: `process.stdin` costs a script some 10 ms. That blocks, which a script can afford: it has
 * nothing to do before its data is there.
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
      // Windows ends a pipe with the error EOF; a descriptor that was never opened has no data either.
      if (code === 'EOF' || code === 'EBADF') return gathered.bytes()
      // Somebody made the pipe non-blocking, and nothing is there yet: only an event loop can wait for it.
      if (code === 'EAGAIN') return readStream(gathered)
      throw handlerError('STDIN_UNREADABLE', `stdin cannot be read (${code ?? messageOf(error)})`, error)
    }
    if (count === 0) return gathered.bytes()
    gathered.add(Buffer.from(chunk.subarray(0, count)))
  }
}

/** A terminal would wait for somebody to type, and /dev/null has nothing; an agent gives a pipe. */
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
