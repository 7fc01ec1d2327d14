import type { Context } from 'hono'
import { stream } from 'hono/streaming'
import type { Tabs } from '../tabs/tabs'

/**
 * The stream of server-sent events of one page. The data is JSON, which has no line breaks. A write ends when
 * there is room for the next, so a page that reads slowly gets fewer messages, not more memory.
 */
export function eventStream(context: Context, tabs: Tabs): Response {
  const tab = tabs.open()
  if (!tab) return context.json({ error: 'too many pages are open' }, 503)
  context.header('Content-Type', 'text/event-stream; charset=utf-8')
  context.header('Cache-Control', 'no-store')
  return stream(context, async (out) => {
    out.onAbort(() => tabs.close(tab))
    try {
      await out.write('retry: 1000\n\n')
      for await (const message of tab.messages()) await out.write(`data: ${JSON.stringify(message)}\n\n`)
    } finally {
      tabs.close(tab)
    }
  })
}
