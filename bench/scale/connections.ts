import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { firstValueFrom } from 'rxjs'
import { connect, type Connection } from 'serfx'
import { heapMegabytes } from '../support/heap'
import { expectThat, report } from './report'

const CONNECTIONS = 1_000
const LIMIT = 50

/**
 * The memory of connections that have had one reply each. The agent runs in another process, which is not
 * counted.
 */
export async function manyConnections(): Promise<void> {
  const agent = fork(join(__dirname, 'agent-process.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [port] = (await once(agent, 'message')) as [number]
  try {
    await open(port, 10) // loads and makes what is made once
    const before = used()
    const connections = await open(port, CONNECTIONS)
    const after = used()
    const [heap, buffers] = [after.heap - before.heap, after.buffers - before.buffers]
    report('1,000 connections: heap, buffers', `${heap.toFixed(1)} MB, ${buffers.toFixed(1)} MB`)
    expectThat(`1,000 connections take less than ${LIMIT} MB`, heap + buffers < LIMIT)
    for (const connection of connections) connection.close()
  } finally {
    agent.kill()
  }
}

async function open(port: number, count: number): Promise<Connection[]> {
  const connections: Connection[] = []
  for (let opened = 0; opened < count; opened++) {
    const connection = await firstValueFrom(connect({ port, authKey: '' }))
    await firstValueFrom(connection.members())
    connections.push(connection)
  }
  return connections
}

function used(): { heap: number; buffers: number } {
  return { heap: heapMegabytes(), buffers: process.memoryUsage().arrayBuffers / 2 ** 20 }
}
