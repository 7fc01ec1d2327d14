import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Absolute paths of the system's tools that a supervisor runs; '' where there is none. */
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

/** The system's own folders come first: no tool of a supervisor depends on what the handler's PATH, or the job's, puts before them. */
export function findTools(path = process.env['PATH'] ?? ''): Tools {
  const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', ...path.split(delimiter).filter(isAbsolute)]
  const find = (name: string) => folders.map((folder) => join(folder, name)).find(isExecutable) ?? ''
  return {
    // mawk is the leanest of those that several systems call awk.
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
