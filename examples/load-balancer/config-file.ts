import { execFile } from 'node:child_process'
import { mkdtemp, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Debian installs haproxy in a folder that only root has in its PATH. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` }

/**
 * Replaces the file atomically if HAProxy accepts the text. Resolves to whether there was anything to change.
 */
export async function replaceConfig(file: string, text: string): Promise<boolean> {
  if ((await current(file)) === text) return false
  // A rename is atomic only within a file system, so the draft is next to the file.
  const folder = await mkdtemp(join(dirname(file), '.haproxy-'))
  const draft = join(folder, 'haproxy.cfg')
  try {
    await write(draft, text)
    await run('haproxy', ['-c', '-q', '-f', draft], { env })
    await rename(draft, file)
    return true
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs the command without a shell. */
export const reload = async ([command, ...args]: readonly [string, ...string[]]): Promise<void> => {
  await run(command, args, { env })
}

const current = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })

/** Writes the file through to the disk, so that a power failure leaves either the old file or the new one. */
async function write(file: string, text: string): Promise<void> {
  const draft = await open(file, 'wx', 0o644)
  try {
    await draft.writeFile(text)
    await draft.sync()
  } finally {
    await draft.close()
  }
}
