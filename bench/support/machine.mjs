import { cpus } from 'node:os'

/** Where this was measured, in one line. */
export function machine() {
  const processors = cpus()
  const model = processors[0]?.model ?? 'unknown'
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${processors.length} x ${model}`
}
