import type { CommandName } from '../protocol/commands'
import type { Fault, FaultPlan } from './ipc/faults'
import type { Listener } from './ipc/listener'

/**
 * What goes wrong with an agent, on demand:
 * `agent.faults.next('members').drop('rst', { after: 'header' })`.
 */
export class AgentFaults {
  readonly #plan: FaultPlan
  readonly #listener: Listener

  /** @internal */
  constructor(plan: FaultPlan, listener: Listener) {
    this.#plan = plan
    this.#listener = listener
  }

  /** What goes wrong with the next request of this command (`'*'`: of any). Several wait in turn. */
  next(command: CommandName | '*'): Fault {
    return this.#plan.next(command)
  }

  /** What goes wrong with every request of this command (`'*'`: of all), until `clear`. */
  every(command: CommandName | '*'): Fault {
    return this.#plan.every(command)
  }

  /** Cuts everything that is sent from now on into pieces of so many bytes, each a TCP segment of its own; without a number no more. */
  split(bytesPerPiece?: number): void {
    if (bytesPerPiece !== undefined && !(Number.isInteger(bytesPerPiece) && bytesPerPiece > 0)) {
      throw new RangeError(`pieces must have a whole number of bytes from 1 on, not ${bytesPerPiece}`)
    }
    this.#listener.split(bytesPerPiece)
  }

  /** Sends these bytes to every client, whatever it has asked. */
  send(bytes: Uint8Array): void {
    for (const { writes } of this.#listener.sessions) writes.write(Buffer.from(bytes))
  }

  /** Refuses new connections. Those that are there stay. */
  refuse(): void {
    this.#listener.close()
  }

  /** Takes new connections again, on the same port. */
  async accept(): Promise<void> {
    await this.#listener.open()
  }

  /** Nothing goes wrong any more: forgets `next` and `every`, and `split`. */
  clear(): void {
    this.#plan.clear()
    this.#listener.split(undefined)
  }
}
