/** What all records of a job have in common. */
export interface JobStart {
  name: string | undefined
  /** Epoch seconds. */
  started: number
  boot: string
}

/**
 * The layout of a state file: a format of printf(1), which the scripts fill in as {@link fillRecord} does. It
 * takes the status, the process ids (as JSON fields, each with a comma after it), the time, the start marks of
 * supervisor and command, and the outcome (as a JSON field with a comma before it). Whoever fills it in writes
 * these fields. `parseEntry` reads the result.
 */
export function recordFormat({ name, started, boot }: JobStart): string {
  const nameField = name === undefined ? '' : `"name":${literal(name)},`
  const identity = `"identity":"%s/%s/${started}"`
  return `{"status":"%s",${nameField}%s"started":${started},"time":%s,"boot":${literal(boot)},${identity}%s}`
}

/** JSON in which printf finds nothing to replace. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[\\%]/g, (special) => special + special)
}

/** What printf(1) prints for that format: one line, without its end. */
export function fillRecord(format: string, ...values: readonly (string | number)[]): string {
  const rest = values.map(String)
  return format.replace(/%s|%%|\\\\/g, (found) => (found === '%s' ? (rest.shift() ?? '') : found.charAt(0)))
}
