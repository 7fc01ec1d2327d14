import { writeSync } from 'node:fs'
import { codeOf } from '../system-error'

const STDOUT = 1

/** Takes all of an answer; rejects when it cannot. */
export type WriteAnswer = (bytes: Uint8Array) => Promise<void>

/** Writes to stdout without `process.stdout`, which costs a script some milliseconds. */
export async function writeProcessStdout(bytes: Uint8Array): Promise<void> {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(STDOUT, bytes, written)
  } catch (error) {
    // Somebody has made the pipe non-blocking, and it is full. Only an event loop can wait for it.
    if (codeOf(error) !== 'EAGAIN') throw error
    await writeStream(process.stdout, bytes.subarray(written))
  }
}

/** Writes to a stream and settles when it has passed on the bytes. */
export function writeStream(stream: NodeJS.WritableStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // A stream that fails also emits `error`, which ends the process if nobody listens.
    stream.once('error', reject)
    stream.write(bytes, (error) => {
      if (error) {
        reject(error)
        return
      }
      stream.removeListener('error', reject)
      resolve()
    })
  })
}
