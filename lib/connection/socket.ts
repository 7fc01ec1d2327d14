import { createConnection, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Observable } from 'rxjs'
import { shown } from '../arguments'
import type { Address, ResolvedOptions } from './options'

/** How much one read may bring. */
const READ_BYTES = 256 * 1024
/** After how long a silent peer is probed, in ms. */
const KEEPALIVE = 30_000

/**
 * A socket as an Observable of the chunks it reads. Subscribing dials; `opened` gets the socket as soon as it can be written to;
 * unsubscribing destroys it. Completes when it has been ended, errors with what the system says.
 * A chunk is borrowed: its bytes are the next one's after `next` has returned.
 */
export function openSocket(options: ResolvedOptions, opened: (socket: Duplex) => void): Observable<Buffer> {
  return new Observable((subscriber) => {
    const socket = options.socket
      ? options.socket(options.address)
      : dial(options.address, (chunk) => subscriber.next(chunk))
    // Only a socket of our own reads into our buffer; with any other this is how data arrives.
    if (options.socket) {
      socket.on('data', (chunk: unknown) => {
        const bytes = bytesOf(chunk)
        if (bytes) subscriber.next(bytes)
        else
          subscriber.error(
            new TypeError(`the socket that the option socket gave reads ${shown(chunk)} instead of bytes`),
          )
      })
    }
    socket.once('error', (error) => subscriber.error(error))
    socket.once('end', () => subscriber.complete())
    socket.once('close', () => subscriber.complete())
    // Its writing side was ended, by whoever made it: nothing could be asked any more.
    socket.once('finish', () => subscriber.complete())
    subscriber.add(() => {
      // An error that comes after nobody listens any more would end the process.
      socket.on('error', () => undefined)
      socket.destroy()
    })
    if (!socket.writable) subscriber.error(new Error('the socket that the option socket gave has ended'))
    else if (socket instanceof Socket && socket.connecting) socket.once('connect', () => opened(socket))
    else opened(socket)
  })
}

/** What a Duplex reads: a Buffer, plain bytes of any view, or text where somebody set its encoding. Anything else is `undefined`. */
function bytesOf(chunk: unknown): Buffer | undefined {
  if (Buffer.isBuffer(chunk)) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk)
  return ArrayBuffer.isView(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : undefined
}

/**
 * All sockets read into one buffer: Node reads a chunk and hands it over in the same step, and a chunk is only borrowed. So a
 * connection needs no buffer of its own, and no read allocates one.
 */
let readBuffer: Buffer | undefined

function dial({ host, port }: Address, received: (chunk: Buffer) => void): Socket {
  const buffer = (readBuffer ??= Buffer.allocUnsafeSlow(READ_BYTES))
  return createConnection({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEPALIVE,
    onread: {
      buffer,
      callback: (size) => {
        received(buffer.subarray(0, size))
        return true
      },
    },
  })
}

/** Sets whether the socket keeps the process alive. A Duplex without `ref` and `unref` is left as it is. */
export function setSocketRef(
  socket: Duplex & { ref?: () => unknown; unref?: () => unknown },
  on: boolean,
): void {
  if (on) socket.ref?.()
  else socket.unref?.()
}
