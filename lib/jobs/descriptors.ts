import { closeSync, constants, openSync, readdirSync, readFileSync } from 'node:fs'

/** Descriptors that a child gets in place of those that it would inherit. */
export interface Cover {
  /**
   * Entries of `stdio` from descriptor 3 on: `/dev/null` in the place of each of these, `ignore` for the
   * others.
   */
  stdio: (number | 'ignore')[]
  /** To be called once the child was spawned. */
  close(): void
}

/**
 * Opens a descriptor for each: Deno takes over those that it is given, and fails on one that it is given
 * twice.
 */
export function coverInherited(): Cover {
  const inherited = new Set(inheritedDescriptors())
  const opened: number[] = []
  const close = () => opened.forEach(closeQuietly)
  const cover = () => {
    const descriptor = openSync('/dev/null', constants.O_RDWR)
    opened.push(descriptor)
    return descriptor
  }
  try {
    const length = Math.max(2, ...inherited) - 2
    const stdio = Array.from({ length }, (_, index) => (inherited.has(index + 3) ? cover() : 'ignore'))
    return { stdio, close }
  } catch (error) {
    close()
    throw error
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor)
  } catch {
    // The runtime has closed it.
  }
}

/**
 * The descriptors beyond stderr that a child of this process would inherit, because whoever started this
 * process had left them open. Node marks its own descriptors as close-on-exec, and the first few that it
 * finds, but none with a high number. An agent's pipe among those would hold the agent up for as long as the
 * job runs. (macOS needs no such list: a spawn closes all others there.)
 */
function inheritedDescriptors(): number[] {
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
