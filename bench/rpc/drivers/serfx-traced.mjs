/** serfx with a listener to the tracing of commands. */
import { tracingChannel } from 'node:diagnostics_channel'

const ended = new Map()
tracingChannel('serfx:command').subscribe({
  asyncEnd: ({ command, outcome }) => ended.set(command, outcome),
})
await import('./serfx.mjs')
