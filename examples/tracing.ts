// Makes OpenTelemetry spans of commands, and prints each when it ends, with its parent.
//
//   npx tsx examples/tracing.ts
//
// In your own program, give `traceCommands` a tracer of the provider that it already has.
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { createClient } from 'serfx'
import { catchError, concat, EMPTY, lastValueFrom, switchMap, take } from 'rxjs'
import { failed } from './terminal/failed'
import { SpanPrinter } from './tracing/span-printer'
import { traceCommands } from './tracing/command-spans'

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const tracer = new BasicTracerProvider({ spanProcessors: [new SpanPrinter()] }).getTracer('example')
traceCommands(tracer)

/** Runs `work` in its own span. */
const inSpan = (name: string, work: () => Promise<unknown>): Promise<void> =>
  tracer.startActiveSpan(name, async (span) => {
    try {
      await work()
    } finally {
      span.end()
    }
  })

async function main(): Promise<void> {
  using client = createClient()
  const { event, members, membersFiltered, query, stats } = client
  await Promise.all([
    // `stats` is subscribed when the members have arrived, and still has the parent of its subscriber.
    inSpan('look', () => lastValueFrom(members().pipe(switchMap(() => stats())))),
    inSpan('fire', () => lastValueFrom(event('deploy', 'v2', { coalesce: false }))),
  ])
  // One ends early, and one fails.
  const early$ = query('ping', undefined, { requestAck: true }).pipe(take(1))
  const bad$ = membersFiltered({ name: '(' }).pipe(catchError(() => EMPTY))
  await inSpan('ask', () => lastValueFrom(concat(early$, bad$), { defaultValue: undefined }))
}

main().catch(failed)
