import { readdirSync, readFileSync } from 'node:fs'

/**
 * The descriptors beyond stderr that a child of this process would inherit: whoever started it had left them open. Node marks
 * its own as close-on-exec, and the first few that it finds, but not one with a high number: an agent's pipe there would
 * hold the agent up for as long as the job runs. (macOS needs no such list: there a spawn closes all that it is not given.)
 */
export function inheritedDescriptors(): number[] {
  if (process.platform !== 'linux') return []
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((descriptor) => descriptor > 2 && survivesExec(descriptor))
  } catch {
    return []
  }
}

const CLOSE_ON_EXEC = 0o2000000

function survivesExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1]
    return flags !== undefined && (parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
  } catch {
    return false // Closed by now, as the one that listed the folder is.
  }
}
