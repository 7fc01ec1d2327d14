import { type AddressInfo, connect as dial, createServer, type Socket } from 'node:net'
import { firstValueFrom, mergeMap, range, toArray } from 'rxjs'
import { Connection, createClient } from 'serfx'
import { observe } from '../support/observe/recording'
import { SerfAgent } from '../support/agents/serf-agent'
import { until } from '../support/time/until'
import { valueOf } from '../support/observe/values'

/** A TCP proxy, so that the agent sees other ports than the client has. */
async function proxyOf({ host, port }: SerfAgent) {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = dial({ host, port })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket
        .on('error', () => socket.destroy())
        .on('close', () => [near, far].forEach((one) => one.destroy()))
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose](): void {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe('watchDrops', () => {
  it.each(['directly', 'through a proxy'])(
    '%s reports that the agent dropped events when we do not read',
    async (way) => {
      await using agent = await SerfAgent.start()
      using proxy = await proxyOf(agent)
      const sockets: Socket[] = []
      using client = createClient({
        host: agent.host,
        port: way === 'directly' ? agent.port : proxy.port,
        watchDrops: true,
        socket: ({ host, port }) => {
          const socket = dial({ host, port })
          sockets.push(socket)
          return socket
        },
      })
      const gaps = observe(client.gaps$)
      const stream = observe(client.stream('user'))
      await valueOf(client.members())
      await until('the log is watched', () => sockets.length === 2 && sockets[1]?.bytesRead)
      // The shared connection is not read any more, as by a process that is too busy.
      sockets[0]?.pause()
      using source = new Connection({ host: agent.host, port: agent.port })
      const payload = Buffer.alloc(450)
      const flood$ = range(0, 4_000).pipe(
        mergeMap(() => source.event('flood', payload, { coalesce: false }), 1_000),
        toArray(),
      )
      await valueOf(source.handshake())
      await until(
        'the agent has dropped some',
        async () => {
          await firstValueFrom(flood$)
          return gaps.values.length > 0
        },
        25_000,
      )
      expect(gaps.values[0]).toMatchObject({ reason: 'dropped', at: expect.any(Date) })
      sockets[0]?.resume()
      await until('the stream goes on', () => stream.values.length > 0)
      expect(stream.error).toBeUndefined()
    },
  )
})
