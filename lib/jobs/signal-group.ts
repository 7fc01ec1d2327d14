import { lookUp } from './process-table'

/**
 * Signals the process group that the command leads, if that pid is still the command. Node has no way to hold a process while it is
 * looked at, so a pid that changes hands in the few microseconds between look and signal is not noticed.
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
