/** Sends bytes in pieces, one in each turn of the event loop, and waits while the socket is full. */
export class PacedOutput {
  #waiting = []
  #busy = false
  #socket

  constructor(socket) {
    this.#socket = socket
  }

  send(bytes, piece) {
    for (let at = 0; at < bytes.length; at += piece) this.#waiting.push(bytes.subarray(at, at + piece))
    if (!this.#busy) this.#next()
  }

  #next = () => {
    const piece = this.#waiting.shift()
    this.#busy = piece !== undefined
    if (!piece || this.#socket.destroyed) return
    if (!this.#socket.write(piece)) this.#socket.once('drain', this.#next)
    else if (this.#waiting.length > 0) setImmediate(this.#next)
    else this.#busy = false
  }
}
