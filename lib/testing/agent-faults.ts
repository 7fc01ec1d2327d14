import { oneOf } from '../arguments'
import type { CommandName } from '../protocol/commands'
import type { Serf } from './cluster/serf'
import { COMMANDS } from './ipc/commands'
import type { Fault, FaultPlan } from './ipc/faults'
import type { Listener } from './ipc/listener'

/**
 * Makes requests and connections of a {@link TestAgent} fail on demand.
 * @example
 * agent.faults.next('members').drop('rst', { after: 'header' })
 */
export class AgentFaults {
  readonly #plan: FaultPlan
  readonly #listener: Listener
  readonly #serf: Serf

  /** @internal */
  constructor(serf: Serf, plan: FaultPlan, listener: Listener) {
    this.#serf = serf
    this.#plan = plan
    this.#listener = listener
  }

  /** Plans a fault for the next request of this command (`'*'`: of any). Several apply one after another. */
  next(command: CommandName | '*'): Fault {
    return this.#plan.next(checkedCommand(command))
  }

  /**
   * Plans a fault for every request of this command (`'*'`: of all), until `clear`. A fault of `next` comes
   * first.
   */
  every(command: CommandName | '*'): Fault {
    return this.#plan.every(checkedCommand(command))
  }

  /**
   * Sends everything from now on in pieces of this many bytes, each in its own TCP segment. Without a number,
   * ends that.
   * @throws RangeError unless it is an integer of at least 1.
   */
  split(bytesPerPiece?: number): void {
    if (bytesPerPiece !== undefined && !(Number.isInteger(bytesPerPiece) && bytesPerPiece > 0)) {
      throw new RangeError(`pieces must have a whole number of bytes from 1, not ${bytesPerPiece}`)
    }
    this.#listener.split(bytesPerPiece)
  }

  /** Sends these bytes to every client, whatever it has requested. */
  send(bytes: Uint8Array): void {
    for (const { writes } of this.#listener.sessions) writes.write(Buffer.from(bytes))
  }

  /** Refuses new connections; open ones stay. */
  refuse(): void {
    this.#listener.close()
  }

  /**
   * Accepts new connections again, on the same port.
   * @throws Error (as a rejection) when the agent has stopped: `restart` starts it again.
   */
  async accept(): Promise<void> {
    if (!this.#serf.running) throw new Error('the agent has stopped: call restart()')
    await this.#listener.open()
  }

  /** Ends all faults of `next`, `every` and `split`. */
  clear(): void {
    this.#plan.clear()
    this.#listener.split(undefined)
  }
}

function checkedCommand(command: CommandName | '*'): CommandName | '*' {
  return oneOf(command, ['*', ...COMMANDS.keys()] as (CommandName | '*')[], 'the command of a fault')
}
