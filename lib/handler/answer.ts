import type { Payload } from '../payload'
import { codeOf, messageOf } from '../system-error'
import { handlerError } from './handler-error'
import type { WriteAnswer } from './stdout'

/**
 * What an agent keeps of a script's output: its last 8 KiB. Source: serf cmd/serf/command/agent/invoke.go
 * `maxBufSize`.
 */
export const MAX_ANSWER_BYTES = 8192

/** Returns a function that sends the one answer of a process. A second answer rejects with a HandlerError. */
export function answerOnce(write: WriteAnswer): (payload: Payload) => Promise<void> {
  let sent: Promise<void> | undefined
  return async (payload) => {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    if (bytes.length > MAX_ANSWER_BYTES) {
      throw handlerError(
        'ANSWER_TOO_LARGE',
        `an answer of ${bytes.length} bytes: an agent keeps the last ${MAX_ANSWER_BYTES} of a script's output, ` +
          'and sends none above its query_response_size_limit (default: 1024)',
      )
    }
    if (sent) {
      await sent // if the first answer failed, its error says more
      throw handlerError('ALREADY_ANSWERED', 'a second answer: a script can answer only once')
    }
    sent = send(write, bytes)
    return sent
  }
}

async function send(write: WriteAnswer, bytes: Uint8Array): Promise<void> {
  try {
    await write(bytes)
  } catch (error) {
    const reason = codeOf(error) === 'EPIPE' ? 'its reader is gone (EPIPE)' : messageOf(error)
    throw handlerError('ANSWER_NOT_SENT', `stdout did not take the answer: ${reason}`, error)
  }
}
