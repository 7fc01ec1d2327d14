import { readdirSync, readFileSync } from 'node:fs'
import { until } from '../time/until'

/** An environment for a program that must not see the variables of an agent. */
export function withoutSerf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SERF_')))
}

export function endProcess(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}

/**
 * Stops a process, and waits until each of its threads has stopped: on a busy machine they run on for a
 * while.
 */
export async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  const threads = `/proc/${pid}/task`
  const isStopped = (thread: string) =>
    readStatus(`${threads}/${thread}`)?.['State']?.startsWith('T') !== false
  await until(`process ${pid} has stopped`, () => readdirSync(threads).every(isStopped))
}

/** The fields of /proc/PID/status: `State`, `PPid`, `SigIgn`, ... `undefined` if the process is gone. */
export function processStatus(pid: number): Record<string, string> | undefined {
  return readStatus(`/proc/${pid}`)
}

export function isAlive(pid: number): boolean {
  const status = processStatus(pid)
  return status !== undefined && !status['State']?.startsWith('Z')
}

function readStatus(folder: string): Record<string, string> | undefined {
  try {
    const lines = readFileSync(`${folder}/status`, 'utf8').trim().split('\n')
    return Object.fromEntries(
      lines.map((line) => line.split(':\t').map((part) => part.trim())) as [string, string][],
    )
  } catch {
    return undefined
  }
}
