import { ProtocolError, RpcError, TimeoutError } from 'serfx'
import type { Call } from '../../lib/protocol/call'
import {
  joinCall,
  membersCall,
  membersFilteredCall,
  monitorCall,
  streamCall,
  tagsCall,
} from '../../lib/protocol/calls'
import { queryCall } from '../../lib/protocol/query-call'
import { rawCall } from '../../lib/protocol/raw-call'
import { MALFORMED } from '../../lib/protocol/frame'
import { DONE, NOISE } from '../../lib/protocol/records/sentinels'
import { inTime, type RoutedCalls } from '../support/wire/routed'

const record = (body: unknown) => ({ seq: 1, body })
const yes = { seq: 1 }

describe('a request with one reply', () => {
  it('emits it and completes', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(joinCall('a'))).toBe('--(a|)', { a: 3 })
      calls.deliver(helpers, '--a--a', { a: record(3) })
    })
  })

  it('emits undefined where there is nothing to tell', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(tagsCall({}))).toBe('--(a|)', { a: undefined })
      calls.deliver(helpers, '--a', { a: yes })
    })
  })

  it('errors with what the agent says, and with the body that comes along', () => {
    inTime((calls, helpers) => {
      const error = new RpcError('join: agent:7373 answered: 1 error occurred', {
        code: 'AGENT_ERROR',
        command: 'join',
        seq: 1,
        body: 0,
      })
      helpers.expectObservable(calls.run(joinCall('a'))).toBe('--#', {}, error)
      calls.deliver(helpers, '--a', { a: { seq: 1, error: '1 error occurred\n\n', body: 0 } })
    })
  })

  it.each([
    ['Authentication required', 'AUTH_REQUIRED', 'pass its rpc_auth as `authKey`'],
    ['Invalid authentication token', 'INVALID_AUTH_TOKEN', 'is not the rpc_auth of this agent'],
    ['Handshake required', 'HANDSHAKE_REQUIRED', 'call handshake() first'],
    ['Monitor already exists', 'MONITOR_EXISTS', 'use createClient()'],
    ['Invalid event filter', 'INVALID_FILTER', 'see EventFilter'],
    ['No pending queries matching ID', 'INVALID_QUERY_ID', 'another connection received it'],
    ['Unsupported command', 'UNSUPPORTED_COMMAND', 'this agent does not know it'],
  ])('says what to do about "%s"', (text, code, advice) => {
    inTime((calls) => {
      const errors: unknown[] = []
      calls.run(joinCall('a')).subscribe({ error: (error: unknown) => errors.push(error) })
      calls.router.ownerOf(1)?.onFrame(text, undefined)
      expect(errors).toMatchObject([{ name: 'RpcError', code, command: 'join', seq: 1, body: undefined }])
      expect(String(errors[0])).toContain(advice)
    })
  })

  it('errors when the reply is malformed', () => {
    inTime((calls, helpers) => {
      const error = new ProtocolError('join: the reply of agent:7373 is not what an agent sends')
      helpers.expectObservable(calls.run(joinCall('a'))).toBe('--#', {}, error)
      calls.deliver(helpers, '--a', { a: record(MALFORMED) })
    })
  })

  it.each<[string, Call<unknown>]>([
    ['members', membersCall()],
    ['stream', streamCall('*')],
  ])('of a read (%s) that is overdue does not say that it may have been carried out', (_, call) => {
    inTime((calls, helpers) => {
      const messages: string[] = []
      for (const one of [call, joinCall('a')]) {
        calls.run<unknown>(one, 100).subscribe({ error: (error: unknown) => messages.push(String(error)) })
      }
      helpers.flush()
      expect(messages.map((message) => message.includes('carried out'))).toEqual([false, true])
    })
  })

  it('shows the control characters of an error escaped', () => {
    inTime((calls, helpers) => {
      let message = ''
      calls.run(joinCall('a'), 100).subscribe({ error: (error: unknown) => (message = String(error)) })
      calls.deliver(helpers, '--a', { a: { seq: 1, error: 'bad\n\u001b[2Jforged' } })
      helpers.flush()
      expect(message).toBe('RpcError: join: agent:7373 answered: bad\\u000a\\u001b[2Jforged')
    })
  })

  it('errors when its time is over, and lets nothing in afterwards', () => {
    inTime((calls, helpers) => {
      const outcome: unknown[] = []
      calls.run(joinCall('a'), 100).subscribe({
        next: (value) => outcome.push(value),
        error: (error: unknown) => outcome.push(error),
      })
      calls.deliver(helpers, '200ms a', { a: record(3) })
      helpers.flush()
      expect(outcome).toEqual([expect.any(TimeoutError)])
      expect(outcome[0]).toHaveProperty(
        'message',
        expect.stringMatching(/^join: no reply from agent:7373 within 100 ms/),
      )
      expect(calls.router.requests).toEqual([])
    })
  })

  it('has all the time in the world with a limit of 0', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(joinCall('a'), 0)).toBe('300s (a|)', { a: 3 })
      calls.deliver(helpers, '300s a', { a: record(3) })
    })
  })

  it('is in time up to its limit', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(joinCall('a'), 100)).toBe('99ms (a|)', { a: 3 })
      calls.deliver(helpers, '99ms a', { a: record(3) })
      helpers.flush()
      expect(calls.clock.due({ held: true })).toEqual([])
    })
  })
})

describe.each([
  ['stream', streamCall('*')],
  ['monitor', monitorCall('info')],
] as const)('a %s', (_, call) => {
  it('emits its records, never completes, and has no limit once the agent has agreed', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run<unknown>(call, 100)).toBe('-- r r 300s r', { r: 'record' })
      calls.deliver(helpers, '-a r r 300s r', { a: yes, r: record('record') })
    })
  })

  it('errors where the agent refuses it, and where it says nothing', () => {
    inTime((calls, helpers) => {
      const timedOut = jest.fn()
      calls.run<unknown>(call, 50).subscribe({ error: timedOut })
      const refused = jest.fn()
      calls.run<unknown>(call).subscribe({ error: refused })
      calls.deliver(helpers, '--a', { a: { seq: 2, error: 'Invalid event filter' } })
      helpers.flush()
      expect(timedOut).toHaveBeenCalledWith(expect.any(TimeoutError))
      expect(refused).toHaveBeenCalledWith(expect.objectContaining({ code: 'INVALID_FILTER' }))
    })
  })

  it('ignores noise, and errors with a malformed record', () => {
    inTime((calls, helpers) => {
      const error = new ProtocolError(`${call.command}: the reply of agent:7373 is not what an agent sends`)
      helpers.expectObservable(calls.run<unknown>(call)).toBe('--r-#', { r: 'record' }, error)
      calls.deliver(helpers, '-arnmr', {
        a: yes,
        r: record('record'),
        n: record(NOISE),
        m: record(MALFORMED),
      })
    })
  })
})

describe('a query', () => {
  it('completes with its last record', () => {
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run<unknown>(queryCall('q'))).toBe('--r-r|', { r: 'response' })
      calls.deliver(helpers, '-arnrdr', { a: yes, r: record('response'), n: record(NOISE), d: record(DONE) })
    })
  })

  it('completes a second after its deadline where that record does not come, counted from the reply', () => {
    inTime((calls, helpers) => {
      const query$ = calls.run<unknown>(queryCall('q', undefined, { timeout: 500 }))
      helpers.expectObservable(query$).toBe('80ms r 1499ms |', { r: 'response' })
      calls.deliver(helpers, '80ms (ar)', { a: yes, r: record('response') })
    })
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run<unknown>(queryCall('q'))).toBe('15080ms |')
      calls.deliver(helpers, '80ms a', { a: yes })
    })
  })

  it('has the limit of every reply until the agent has agreed', () => {
    inTime((calls, helpers) => {
      const outcome = jest.fn()
      calls.run(queryCall('q', undefined, { timeout: 60_000 }), 100).subscribe({ error: outcome })
      calls.deliver(helpers, '101ms a', { a: yes })
      helpers.flush()
      expect(outcome).toHaveBeenCalledWith(expect.any(TimeoutError))
    })
  })
})

describe('a raw request', () => {
  it('emits every frame of a stream or a query, the yes too, and ends as it does', () => {
    const done = { Type: 'done', From: '', Payload: null }
    inTime((calls, helpers) => {
      helpers.expectObservable(calls.run(rawCall('query', {}))).toBe('-ab(c|)', {
        a: { header: { seq: 1, error: '' } },
        b: { header: { seq: 1, error: '' }, body: { Type: 'ack' } },
        c: { header: { seq: 1, error: '' }, body: done },
      })
      calls.deliver(helpers, '-abcb', { a: yes, b: record({ Type: 'ack' }), c: record(done) })
    })
  })

  it('is over with one frame where the command is', () => {
    inTime((calls, helpers) => {
      const frame = { header: { seq: 1, error: '' }, body: { Num: 1 } }
      helpers.expectObservable(calls.run(rawCall('join'))).toBe('-(a|)', { a: frame })
      calls.deliver(helpers, '-a', { a: record({ Num: 1 }) })
    })
    inTime((calls, helpers) => {
      helpers
        .expectObservable(calls.run(rawCall('no-such')))
        .toBe('-(a|)', { a: { header: { seq: 1, error: '' } } })
      calls.deliver(helpers, '-a', { a: yes })
    })
  })
})

describe('stop is due', () => {
  const due = (calls: RoutedCalls) => calls.router.requests[0]?.needsStop

  it('for a stream or a monitor that went out, answered or not, unless it was refused', () => {
    for (const call of [streamCall('*'), monitorCall('info'), rawCall('stream')]) {
      inTime((calls) => {
        calls.run<unknown>(call).subscribe({ error: () => undefined })
        const request = calls.router.requests[0]
        expect(due(calls)).toBe(true)
        request?.onFrame('', undefined)
        expect(due(calls)).toBe(true)
      })
      inTime((calls) => {
        calls.run<unknown>(call).subscribe({ error: () => undefined })
        const request = calls.router.requests[0]
        request?.onFrame('Invalid event filter', undefined)
        expect(request?.needsStop).toBe(false)
      })
    }
  })

  it('for nothing else', () => {
    for (const call of [queryCall('q'), joinCall('a'), membersFilteredCall({}), rawCall('query')]) {
      inTime((calls) => {
        const subscription = calls.run<unknown>(call).subscribe()
        expect(due(calls)).toBe(false)
        subscription.unsubscribe()
      })
    }
  })
})
