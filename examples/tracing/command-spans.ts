import { tracingChannel } from 'node:diagnostics_channel'
import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import type { CommandTrace } from 'serfx'

/**
 * Makes a span for each command of serfx. It is a child of the span that is active when the command is
 * subscribed. Returns a function that stops this. serfx itself does not need OpenTelemetry: it publishes to a
 * tracing channel of Node.
 */
export function traceCommands(tracer: Tracer): () => void {
  const spans = new WeakMap<object, Span>()
  const commands = tracingChannel<CommandTrace>('serfx:command')
  const handlers = {
    start(command: CommandTrace): void {
      const attributes = { 'server.address': command.address }
      spans.set(command, tracer.startSpan(`serf ${command.command}`, { kind: SpanKind.CLIENT, attributes }))
    },
    error(command: CommandTrace): void {
      const code = codeOf(command.error)
      spans
        .get(command)
        ?.setAttribute('error.type', code)
        .setStatus({ code: SpanStatusCode.ERROR, message: code })
    },
    asyncEnd(command: CommandTrace): void {
      const { outcome = '', values } = command
      spans.get(command)?.setAttributes({ 'serf.outcome': outcome, 'serf.values': values }).end()
    },
    end: () => undefined,
    asyncStart: () => undefined,
  }
  commands.subscribe(handlers)
  return () => {
    commands.unsubscribe(handlers)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
