import { type AttributeValue, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { printable } from '../terminal/printable'

/** Prints a line for each span that ends. The processor of a real program would export it. */
export class SpanPrinter implements SpanProcessor {
  readonly #names = new Map<string, string>()

  onStart(span: ReadableSpan): void {
    this.#names.set(span.spanContext().spanId, span.name)
  }

  onEnd({ name, attributes, status, parentSpanContext }: ReadableSpan): void {
    const parent = parentSpanContext && this.#names.get(parentSpanContext.spanId)
    const of = parent === undefined ? '' : `, child of ${parent}`
    const error = status.code === SpanStatusCode.ERROR ? ` ${status.message ?? ''}` : ''
    console.log(printable(`${name}${of}: ${shown(attributes['serf.outcome'])}${error}`))
  }

  forceFlush(): Promise<void> {
    return Promise.resolve()
  }

  shutdown(): Promise<void> {
    return Promise.resolve()
  }
}

function shown(value: AttributeValue | undefined): string {
  return value === undefined ? 'ended' : String(value)
}
