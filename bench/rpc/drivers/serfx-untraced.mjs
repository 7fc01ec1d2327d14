/** serfx without the tracing of commands: it is taken out of the built package before anything uses it. */
import { createRequire } from 'node:module'
import { Observable } from 'rxjs'

const tracing = createRequire(import.meta.url)('../../../dist/connection/tracing.js')
if (typeof tracing.traced !== 'function') throw new Error('the build has no `traced` to take out')
tracing.traced = (_call, _address, subscribe) => new Observable(subscribe)
await import('./serfx.mjs')
