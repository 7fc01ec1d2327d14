import { Duplex } from 'node:stream'
import { Unpackr } from 'msgpackr'
import { headed } from '../rpc/prepared.mjs'

const unpackr = new Unpackr({ useRecords: false })

/**
 * An agent in this process. It answers `members` with `body`, cut in pieces, and anything else without an
 * error.
 */
export class ReplayedAgent extends Duplex {
  body = Buffer.alloc(0)
  piece = Infinity

  _read() {
    // `_write` pushes the pieces.
  }

  _write(chunk, _encoding, done) {
    done()
    const [{ Command, Seq }] = unpackr.unpackMultiple(chunk)
    const reply = headed(Number(Seq), Command === 'members' ? this.body : Buffer.alloc(0))
    const size = Math.min(this.piece, reply.length)
    for (let at = 0; at < reply.length; at += size) this.push(reply.subarray(at, at + size))
  }
}
