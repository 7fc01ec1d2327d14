import { createConnection, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Observable } from 'rxjs'
import { shown } from '../arguments'
import type { Address, ResolvedOptions } from './options'

/** The most bytes of one read. */
const READ_BYTES = 256 * 1024
/** After how long a silent peer is probed, in ms. */
const KEEPALIVE = 30_000

/**
 * A socket as a cold Observable of the chunks that it reads. Subscribing dials. `opened` gets the socket as
 * soon as it can be written to. Unsubscribing destroys it. Completes when the socket has ended; errors with
 * the error of the system. A chunk is borrowed: after `next` returns, the next chunk overwrites its bytes.
 */
export function openSocket(options: ResolvedOptions, opened: (socket: Duplex) => void): Observable<Buffer> {
  return new Observable((subscriber) => {
    const socket = options.socket
      ? checked(options.socket(options.address))
      : dial(options.address, (chunk) => subscriber.next(chunk))
    // Our own socket reads into our buffer. Any other socket emits `data`.
    if (options.socket) {
      socket.on('data', (chunk: unknown) => {
        const bytes = bytesOf(chunk)
        if (bytes) subscriber.next(bytes)
        else
          subscriber.error(
            new TypeError(`the socket from the option socket reads ${shown(chunk)} instead of bytes`),
          )
      })
    }
    socket.once('error', (error) => subscriber.error(error))
    socket.once('end', () => subscriber.complete())
    socket.once('close', () => subscriber.complete())
    // The user has ended its writable side, so nothing can be sent any more.
    socket.once('finish', () => subscriber.complete())
    subscriber.add(() => {
      // Without a listener, a late error would end the process.
      socket.on('error', () => undefined)
      socket.destroy()
    })
    if (!socket.writable) subscriber.error(new Error('the socket from the option socket has ended'))
    else if (socket instanceof Socket && socket.connecting) socket.once('connect', () => opened(socket))
    else opened(socket)
  })
}

/** What the option `socket` has returned. In plain JavaScript that may be anything. */
function checked(returned: unknown): Duplex {
  const socket = returned as Partial<Duplex> | null | undefined
  if (typeof socket?.on === 'function' && typeof socket.write === 'function') return socket as Duplex
  throw new TypeError(`the option socket must return a Duplex, and no promise of one, not ${shown(returned)}`)
}

/**
 * The bytes of a chunk: a Buffer, any other view, or text if the stream has an encoding. Anything else gives
 * `undefined`.
 */
function bytesOf(chunk: unknown): Buffer | undefined {
  if (Buffer.isBuffer(chunk)) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk)
  return ArrayBuffer.isView(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : undefined
}

/**
 * All sockets read into one buffer, because Node reads and delivers a chunk in the same step, and a chunk is
 * only borrowed. So a connection needs no buffer of its own, and a read allocates none.
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
