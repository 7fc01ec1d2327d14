import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Absolute paths of the system tools that a supervisor runs; '' for one that is missing. */
export interface Tools {
  awk: string
  date: string
  mv: string
  perl: string
  ps: string
  rm: string
  setsid: string
  sh: string
}

/**
 * The system's own folders come first, so that no tool depends on what the PATH of the handler or the job
 * puts before them.
 */
export function findTools(path = process.env['PATH'] ?? ''): Tools {
  const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', ...path.split(delimiter).filter(isAbsolute)]
  const find = (name: string) => folders.map((folder) => join(folder, name)).find(isExecutable) ?? ''
  return {
    // mawk is the smallest of the programs that systems call awk.
    awk: find('mawk') || find('awk'),
    date: find('date'),
    mv: find('mv'),
    perl: find('perl'),
    ps: find('ps'),
    rm: find('rm'),
    setsid: find('setsid'),
    sh: '/bin/sh',
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
