import { Hono } from 'hono'
import type { Action } from '../../messages'
import type { Cluster } from '../cluster/cluster'
import type { Tabs } from '../tabs/tabs'
import { actions } from './actions'
import { guard } from './guard'
import { securityHeaders } from './headers'
import { metrics } from './metrics'
import type { PageFiles } from './page-files'
import { eventStream } from './stream'

export interface AppOptions {
  cluster: Cluster
  tabs: Tabs
  files: PageFiles
  allow: readonly Action[]
  /** The names besides `localhost` under which the dashboard is reached. */
  hosts: readonly string[]
}

/** All that is served. */
export function createApp({ cluster, tabs, files, allow, hosts }: AppOptions): Hono {
  const app = new Hono()
  app.use(securityHeaders)
  app.use(guard(hosts))

  app.get('/stream', (context) => eventStream(context, tabs))
  app.get('/healthz', (context) => {
    const { connection, health } = cluster
    context.header('Cache-Control', 'no-store')
    return context.json({ ...connection, stats: health ?? null }, connection.status === 'ready' ? 200 : 503)
  })
  app.get('/metrics', (context) => {
    context.header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
    return context.body(metrics(cluster, tabs.count))
  })
  app.route('/', actions(cluster, tabs, allow))
  for (const [path, { type, content }] of files) {
    app.get(path, (context) => {
      context.header('Content-Type', type)
      context.header('Cache-Control', 'no-cache')
      return context.body(content)
    })
  }
  return app
}
