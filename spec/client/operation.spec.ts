import { Observable, tap } from 'rxjs'
import { Operation } from '../../lib/client/operation'
import { resolveClientOptions, type ClientOptions } from '../../lib/client/options'
import { SharedConnection } from '../../lib/client/shared-connection'
import { type Call, needsOwnConnection } from '../../lib/protocol/call'
import {
  eventCall,
  joinCall,
  listKeysCall,
  membersCall,
  monitorCall,
  streamCall,
} from '../../lib/protocol/calls'
import { observe } from '../support/observe/recording'
import { FakeAgent } from '../support/peers/fake-agent'
import { ManualClock } from '../support/time/manual-clock'
import { settle } from '../support/time/settle'

const record = { Event: 'user', Name: 'n', LTime: 1, Payload: null, Coalesce: true }

function setUp(options: ClientOptions = {}) {
  const clock = new ManualClock()
  const agent = new FakeAgent()
  const resolved = resolveClientOptions({ host: 'agent', port: 1, socket: agent.dial, ...options }, {})
  const connection = new SharedConnection(resolved, { clock, random: () => 1 })
  /** Starts an operation as `Client` does: whatever ends its Observable unsubscribes it. */
  const start = <T>(call: Call<T>, onNext: () => void = () => undefined) => {
    const operations: Operation<T>[] = []
    const values$ = new Observable<T>((subscriber) => {
      const operation = new Operation(call, needsOwnConnection(call), connection, clock, subscriber)
      operations.push(operation)
      operation.start()
      return operation
    })
    const seen = observe(values$.pipe(tap(onNext)))
    const [operation] = operations
    if (!operation) throw new Error('no operation')
    return { operation, seen }
  }
  return { clock, agent, connection, start }
}

describe('operation', () => {
  it('waits for the connection, is sent once, and is gone at its end', async () => {
    const { agent, clock, start } = setUp()
    const { operation, seen } = start(membersCall())
    expect(operation).toMatchObject({ linked: true, inFlight: false })
    await settle()
    expect(seen).toMatchObject({ values: [[]], error: undefined, completed: true })
    expect(agent.asked('members')).toHaveLength(1)
    expect(operation.linked).toBe(false)
    expect(clock.due({ held: true })).toEqual([])
  })

  it('is sent again after a loss if it is a read, with the rest of its time', async () => {
    const { agent, clock, start } = setUp({ timeout: 5_000 })
    agent.silent.add('members')
    const { operation, seen } = start(membersCall())
    await clock.pass(3_000)
    agent.drop()
    await clock.pass(100)
    expect(agent.asked('members')).toHaveLength(2)
    expect(operation).toMatchObject({ inFlight: true, resumed: true })
    await clock.pass(1_899)
    expect(seen.error).toBeUndefined()
    await clock.pass(1)
    expect(seen.error).toMatchObject({ name: 'TimeoutError' })
  })

  it('says that it may have been carried out only if it is no read', async () => {
    const { agent, clock, start } = setUp({ timeout: 5_000 })
    agent.silent.add('members').add('event')
    const [read, write] = [start<unknown>(membersCall()), start<unknown>(eventCall('x'))]
    await clock.pass(5_000)
    expect(read.seen.error).toHaveProperty(
      'message',
      'members: no reply from agent:1 within 5000 ms; raise the option timeout if it takes longer',
    )
    expect(write.seen.error).toMatchObject({
      message: expect.stringContaining('it may have been carried out nevertheless'),
    })
  })

  it.each([
    ['an event, which may have been carried out', eventCall('x'), {}, 'may have been carried out'],
    ['a read without reconnects', membersCall(), { reconnect: false as const }, 'does not reconnect'],
  ])('errors after a loss: %s', async (_, call: Call<unknown>, options, why) => {
    const { agent, clock, start } = setUp(options)
    agent.silent.add(call.command)
    const { seen } = start(call)
    await settle()
    agent.drop()
    await clock.pass(20_000)
    expect(seen.error).toMatchObject({ code: 'CONNECTION_LOST', message: expect.stringContaining(why) })
    expect(agent.asked(call.command)).toHaveLength(1)
  })

  it('is set up again after a loss if it is a stream, and then counts as resumed', async () => {
    const { agent, clock, start } = setUp()
    const { operation, seen } = start(streamCall('user'))
    await settle()
    expect(operation.resumed).toBe(false)
    agent.drop()
    await clock.pass(100)
    expect(operation.resumed).toBe(true)
    agent.emit(record)
    await settle()
    expect(seen).toMatchObject({ values: [{ name: 'n' }], error: undefined, completed: false })
  })

  it('dials its own connection with growing delays while the shared one is open', async () => {
    const { agent, clock, start } = setUp()
    const { seen } = start(streamCall('user'))
    await clock.pass(60_000)
    agent.refusing = true
    const { operation } = start(listKeysCall())
    const dials: number[] = []
    for (const delay of [100, 200, 400]) {
      await clock.pass(delay - 1)
      dials.push(agent.dials)
      expect(clock.due({ held: true })).toEqual([1])
      await clock.pass(1)
    }
    expect(dials).toEqual([2, 3, 4])
    operation.unsubscribe()
    expect(clock.due({ held: true })).toEqual([])
    expect(seen.error).toBeUndefined()
  })

  it('dials its own connection with short delays again after one that lasted, even one without a line', async () => {
    const { agent, clock, start } = setUp()
    start(streamCall('user'))
    await settle()
    agent.refusing = true
    const { seen } = start(monitorCall('info'))
    await clock.pass(100 + 200)
    agent.refusing = false
    await clock.pass(400 + 60_000)
    const { dials } = agent
    agent.asked('monitor')[0]?.connection.end()
    await clock.pass(99)
    expect(agent.dials).toBe(dials)
    await clock.pass(1)
    expect(agent.dials).toBe(dials + 1)
    expect(agent.asked('monitor')).toHaveLength(2)
    expect(seen.error).toBeUndefined()
  })

  it('has its whole limit from the first connection on if it is a monitor', async () => {
    let refuses = () => true
    const { agent, clock, start } = setUp({
      waitOnFirstConnect: true,
      timeout: 5_000,
      socket: () => {
        if (refuses()) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
        return agent.dial()
      },
    })
    const { seen } = start(monitorCall('info'))
    await clock.pass(60_000)
    let ownDials = 0
    refuses = () => agent.connections.length === 1 && ownDials++ === 0
    await clock.pass(20_000)
    expect(ownDials).toBe(2)
    expect(agent.asked('monitor')).toHaveLength(1)
    expect(seen.error).toBeUndefined()
  })

  it('errors with a malformed record, and is not set up again', async () => {
    const { agent, clock, start } = setUp()
    const { seen } = start(streamCall('user'))
    await settle()
    agent.emit(['no event'])
    await clock.pass(1_000)
    expect(seen.error).toMatchObject({ name: 'ProtocolError' })
    expect(agent.asked('stream')).toHaveLength(1)
  })

  it('does not fail when the client is closed in the callback of its reply', async () => {
    const { connection, start } = setUp()
    const { seen } = start(membersCall(), () => connection.close('close()'))
    await settle()
    expect(seen).toMatchObject({ values: [[]], error: undefined, completed: true })
  })

  it('completes with its connection when it has no subscriber', async () => {
    const { agent, connection, start } = setUp()
    const { operation, seen } = start(streamCall('user'))
    await settle()
    connection.detach(operation)
    agent.drop()
    await settle()
    expect(seen).toMatchObject({ error: undefined, completed: true })
    expect(connection.status).toBe('idle')
  })

  it('leaves no timer or socket when it is unsubscribed, at any stage', async () => {
    for (const reach of ['waiting', 'in flight', 'reconnecting']) {
      const { agent, clock, start } = setUp()
      agent.silent.add('join')
      if (reach === 'waiting') agent.silent.add('handshake')
      const { operation, seen } = start<unknown>(
        reach === 'reconnecting' ? streamCall('user') : joinCall('a'),
      )
      await settle()
      if (reach === 'reconnecting') {
        agent.refusing = true
        agent.drop()
        await settle()
      }
      operation.unsubscribe()
      await settle()
      expect(clock.due({ held: true })).toEqual([])
      expect(agent.open).toHaveLength(reach === 'in flight' ? 1 : 0)
      expect(seen).toMatchObject({ values: [], error: undefined, completed: false })
    }
  })
})
