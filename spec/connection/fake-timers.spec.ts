import type * as Rxjs from 'rxjs'
import type * as Serfx from 'serfx'
import { connect } from 'serfx'
import { SerfAgent } from '../support/agents/serf-agent'
import { valueOf } from '../support/observe/values'
import { MemoryPeer } from '../support/peers/memory-peer'

describe('the fake timers of a test runner', () => {
  let agent: SerfAgent

  beforeAll(async () => {
    agent = await SerfAgent.start()
  })

  afterAll(() => agent.stop())

  afterEach(() => {
    jest.useRealTimers()
    jest.resetModules()
  })

  const where = () => ({ host: agent.host, port: agent.port, authKey: '' })

  it('do not keep requests from being written if they are installed later', async () => {
    jest.useFakeTimers()
    await expect(valueOf(connect(where(), (connection) => connection.stats()))).resolves.toHaveProperty(
      'agent',
    )
  })

  it('do not keep requests from being written if they are installed first', async () => {
    jest.useFakeTimers()
    jest.resetModules()
    const fresh = jest.requireActual<typeof Serfx>('serfx')
    const { firstValueFrom } = jest.requireActual<typeof Rxjs>('rxjs')
    const stats = await firstValueFrom(fresh.connect(where(), (connection) => connection.stats()))
    expect(stats).toHaveProperty('agent')
  })

  it('rule the deadlines', async () => {
    const peer = new MemoryPeer()
    jest.useFakeTimers()
    const failed = jest.fn()
    connect(peer.options({ timeout: 5_000 })).subscribe({ error: failed })
    jest.advanceTimersByTime(4_999)
    expect(failed).not.toHaveBeenCalled()
    await jest.advanceTimersByTimeAsync(10)
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'TIMEOUT' }))
  })
})
