import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { firstValueFrom, switchMap, take } from 'rxjs'
import type { Action } from '../../messages'
import type { Cluster } from '../cluster/cluster'
import type { Tab } from '../tabs/tab'
import type { Tabs } from '../tabs/tabs'
import { readEvent, readLog, readQuery } from './read-request'

/** Far more than the largest event or query that an agent takes. */
const BODY_AT_MOST = 256 * 1024

/** What a page posts. */
export function actions(cluster: Cluster, tabs: Tabs, allow: readonly Action[]): Hono {
  const app = new Hono()
  app.use(
    bodyLimit({ maxSize: BODY_AT_MOST, onError: (context) => context.json({ error: 'too long' }, 413) }),
  )
  app.onError((error, context) => context.json({ error: error.message }, statusOf(error)))

  app.post('/log', async (context) => {
    const { tab, level } = readLog(await bodyOf(context))
    openTab(tab).follow(level)
    return context.body(null, 204)
  })

  app.post('/query', async (context) => {
    expectAllowed('query')
    expectReady()
    const { tab, id, name, payload, filterNodes, filterTags, timeout } = readQuery(await bodyOf(context))
    const options = { filterTags, timeout, requestAck: true, ...(filterNodes.length > 0 && { filterNodes }) }
    openTab(tab).ask(
      id,
      cluster.client$.pipe(
        take(1),
        switchMap(({ queryProgress }) => queryProgress(name, payload, options)),
      ),
    )
    return context.body(null, 202)
  })

  app.post('/event', async (context) => {
    expectAllowed('event')
    expectReady()
    const { name, payload, coalesce } = readEvent(await bodyOf(context))
    const client = await firstValueFrom(cluster.client$)
    await firstValueFrom(client.event(name, payload, { coalesce }))
    return context.body(null, 204)
  })

  return app

  function expectAllowed(action: Action): void {
    if (allow.includes(action)) return
    throw new HTTPException(403, { message: `this is not allowed: start with --allow ${action}` })
  }

  /** Else the client would wait for its agent, and send what nobody wants any more. */
  function expectReady(): void {
    if (cluster.connection.status === 'ready') return
    throw new HTTPException(503, { message: 'the agent is away: nothing was sent' })
  }

  function openTab(id: string): Tab {
    const tab = tabs.find(id)
    if (!tab) throw new HTTPException(404, { message: 'this page has lost its stream: reload it' })
    return tab
  }
}

async function bodyOf({ req }: Context): Promise<unknown> {
  try {
    return await req.json()
  } catch {
    throw new HTTPException(400, { message: 'the body is not JSON' })
  }
}

function statusOf(error: Error): ContentfulStatusCode {
  if (error instanceof HTTPException) return error.status
  // A TypeError or RangeError is how the client refuses what cannot be sent; all else comes from the agent.
  return error instanceof TypeError || error instanceof RangeError ? 400 : 502
}
