import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Action } from '../messages'
import type { AgentOptions } from './cluster/agents'
import { Cluster } from './cluster/cluster'
import { createApp } from './http/app'
import { buildPage } from './http/page-files'
import { Tabs } from './tabs/tabs'

export interface DashboardOptions {
  agent: AgentOptions
  /** Where to listen; port 0: any free one. */
  listen: { host: string; port: number }
  /** What a page may do. */
  allow: readonly Action[]
  /** The names besides `localhost` under which the dashboard is reached. */
  hosts: readonly string[]
}

export interface Dashboard {
  url: string
  /** Ends all of it: every page loses its stream. */
  close: () => Promise<void>
}

/** Starts the dashboard of an agent; resolves when pages can be opened. The agent need not be there. */
export async function startDashboard({ agent, listen, allow, hosts }: DashboardOptions): Promise<Dashboard> {
  const files = await buildPage()
  const cluster = new Cluster(agent)
  const tabs = new Tabs(cluster, allow)
  const app = createApp({ cluster, tabs, files, allow, hosts: [...hosts, listen.host] })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  try {
    await listening(server, listen)
  } catch (error) {
    cluster.close()
    throw error
  }
  return {
    url: urlOf(server.address() as AddressInfo),
    close: async () => {
      cluster.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

function listening(server: Server, { host, port }: DashboardOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = `${host}:${port} is in use: --listen HOST:PORT takes another`
      reject(error.code === 'EADDRINUSE' ? new Error(inUse, { cause: error }) : error)
    })
    server.listen(port, host, resolve)
  })
}

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`
