import { lookUp } from './process-table'

/**
 * Signals the process group of the command, if that pid is still the command. Node cannot hold on to a
 * process while it looks at it, so it goes unnoticed when the pid is given to another process in the few
 * microseconds between the look and the signal.
 */
export function signalGroup(pid: number, mark: string, signal: NodeJS.Signals): boolean {
  try {
    const command = lookUp(pid)
    if (command?.mark !== mark || command.group !== pid) return false
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}
