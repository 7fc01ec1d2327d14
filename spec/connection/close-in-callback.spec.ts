import { Connection } from '../../lib/index'
import { FakeAgent } from '../support/peers/fake-agent'
import { settle } from '../support/time/settle'
import { observe } from '../support/observe/recording'

describe('closing a connection in the callback of a reply', () => {
  it('completes that command, and errors the others', async () => {
    const agent = new FakeAgent()
    agent.silent.add('stats')
    const connection = new Connection({ port: 1, socket: agent.dial })
    observe(connection.handshake())
    const ends: unknown[] = []
    connection.members().subscribe({
      next: () => connection.close(),
      error: (error: unknown) => ends.push(error),
      complete: () => ends.push('complete'),
    })
    const other = observe(connection.stats())
    await settle()
    expect(ends).toEqual(['complete'])
    expect(other.error).toMatchObject({ code: 'CLOSED' })
    expect(agent.open).toHaveLength(0)
  })
})
