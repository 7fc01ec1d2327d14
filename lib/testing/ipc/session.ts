import type { Socket } from 'node:net'
import type { Serf } from '../cluster/serf'
import { Input } from '../wire/input'
import { type RequestHeader, requestHeader } from '../wire/requests'
import { readStruct, zeroOf } from '../wire/struct'
import { Client } from './client'
import { COMMANDS } from './commands'
import { type Asked, type Command, HangUp } from './commands/command'
import type { FaultAction, FaultPlan } from './faults'
import { type Ending, WriteQueue } from './write-queue'
import { Reply } from './reply'

/** One request, as a test may want to see it. */
export interface ReceivedRequest {
  /** As the wire names it: `members-filtered`. */
  command: string
  seq: number | bigint
  /** With Serf's own names and every field; `undefined` for a command without a body. */
  body: unknown
}

/** These are sent without a body, whatever the command, and before its body is read. */
const HANDSHAKE_REQUIRED = 'Handshake required'
const AUTHENTICATION_REQUIRED = 'Authentication required'
const UNSUPPORTED_COMMAND = 'Unsupported command'

/** One connection. Its requests are carried out strictly one after another. */
export class Session {
  readonly client: Client
  readonly writes: WriteQueue
  readonly #input = new Input()
  /** One object for all requests: a missing field keeps the value of the last request. */
  readonly #header: RequestHeader = zeroOf(requestHeader)
  /** The command whose body comes next. */
  #command: Command | undefined
  /** Whether a command is still being carried out, or silent for good: the next one waits. */
  #busy = false

  constructor(
    private readonly serf: Serf,
    private readonly faults: FaultPlan,
    private readonly received: (request: ReceivedRequest) => void,
    socket: Socket,
  ) {
    this.client = new Client(serf, `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`)
    this.writes = new WriteQueue(socket, () => this.client.flush())
    socket.on('data', (chunk: Buffer) => {
      this.#input.push(chunk)
      this.#proceed()
    })
  }

  /** Resolves when the kernel has taken all that this connection has to send. */
  async drained(): Promise<void> {
    do {
      await this.writes.drained()
    } while (!this.client.drained && !this.writes.over)
  }

  #proceed(): void {
    try {
      while (!this.#busy && !this.writes.over) {
        const command = this.#command
        if (command) {
          const body = this.#input.next((cursor) => command.readBody?.(cursor))
          if (body === undefined) return
          this.#carryOut(command, body)
        } else {
          const header = this.#input.next((cursor) => readStruct(requestHeader, cursor, this.#header))
          if (header === undefined) return
          this.#begin(header)
        }
      }
    } catch (error) {
      this.#hangUp(error)
    }
  }

  /** Handles a header. If it refuses the request, the body is not read and so becomes the next header. */
  #begin({ Command: name }: RequestHeader): void {
    const command = COMMANDS.get(name)
    if (!this.client.handshaken && name !== 'handshake') this.#refuse(HANDSHAKE_REQUIRED, 'fin')
    else if (this.#lacksAuth(name)) {
      this.serf.log.write('warn', 'agent.ipc: Client sending commands before auth')
      this.#refuse(AUTHENTICATION_REQUIRED)
    } else if (!command) this.#refuse(UNSUPPORTED_COMMAND, 'fin')
    else if (command.readBody) this.#command = command
    else this.#carryOut(command, undefined)
  }

  #lacksAuth(name: string): boolean {
    const asked = this.serf.options.authKey !== '' && !this.client.authenticated
    return asked && name !== 'handshake' && name !== 'auth'
  }

  #refuse(error: string, ending?: Ending): void {
    new Reply(this.writes, this.#header.Seq).fail(error)
    if (ending === undefined) return
    this.#log(error === UNSUPPORTED_COMMAND ? `command '${this.#header.Command}' not recognized` : error)
    this.writes.end(ending)
  }

  #carryOut(command: Command, body: unknown): void {
    this.#command = undefined
    const { Command: name, Seq: seq } = this.#header
    this.received({ command: name, seq, body })
    const fault = this.faults.actionFor(name)
    if (fault?.delay !== undefined) {
      this.#wait(this.serf.timers.wait(fault.delay).then(() => this.#run(command, body, seq, fault)))
      return
    }
    const running = this.#run(command, body, seq, fault)
    if (running) this.#wait(running)
  }

  #run(command: Command, body: unknown, seq: number | bigint, fault?: FaultAction): void | Promise<void> {
    const drop = fault?.drop
    if (fault?.silent) return new Promise(() => undefined)
    if (drop?.after === 'request') {
      this.writes.end(drop.how)
      return
    }
    const cut = drop && { how: drop.how, after: drop.after }
    const reply = new Reply(this.writes, seq, cut)
    if (fault?.bytes) this.writes.write(Buffer.from(fault.bytes))
    else if (fault?.reply) sendMadeUp(command, reply, fault.reply)
    else return command.run({ client: this.client, seq, reply } satisfies Asked, body)
  }

  /** Makes the next requests wait until this one is done. */
  #wait(running: Promise<void>): void {
    this.#busy = true
    running.then(
      () => {
        this.#busy = false
        this.#proceed()
      },
      (error: unknown) => this.#hangUp(error),
    )
  }

  /** Closes the connection without a reply, because the bytes are no request or a pattern is bad. */
  #hangUp(error: unknown): void {
    if (error instanceof HangUp) this.#log(error.message)
    else if (this.#command) this.#log(`decode failed: ${String(error)}`)
    else this.serf.log.write('err', `agent.ipc: failed to decode request header: ${String(error)}`)
    this.writes.end('fin')
  }

  #log(reason: string): void {
    this.serf.log.write('err', `agent.ipc: Failed to evaluate request: ${reason}`)
  }
}

/** Sends a reply that a test has made up. */
function sendMadeUp(
  command: Command,
  reply: Reply,
  { error, body }: NonNullable<FaultAction['reply']>,
): void {
  if (error === '') reply.succeed(body)
  else if (error === AUTHENTICATION_REQUIRED || error === HANDSHAKE_REQUIRED) reply.fail(error)
  else reply.fail(error, command.failedBody && (body ?? command.failedBody))
}
