import { defer, NEVER, of, Subject, throwError } from 'rxjs'
import { membershipOf } from '../../lib/client/membership'
import { ConnectionError, RpcError, SerfError } from '../../lib/errors'
import type { MemberEvent } from '../../lib/events/event'
import type { Member } from '../../lib/member'
import { ManualClock } from '../support/time/manual-clock'
import { memberOf } from '../support/agents/member-of'
import { observe } from '../support/observe/recording'

function setUp(resync = 60_000) {
  const clock = new ManualClock()
  const events$ = new Subject<MemberEvent>()
  const gaps$ = new Subject<void>()
  const agent = { members: [memberOf('a')], readings: 0, fails: undefined as unknown }
  const members$ = defer(() => {
    agent.readings++
    return agent.fails === undefined ? of(agent.members) : throwError(() => agent.fails)
  })
  const membership$ = membershipOf({ events$, members$, gaps$ }, resync, clock)
  return { clock, events$, gaps$, agent, membership$ }
}
const names = (maps: ReadonlyMap<string, Member>[]) => maps.map((map) => [...map.keys()].join(''))
const lost = new ConnectionError('lost', 'CONNECTION_LOST', 'x')

describe('membership', () => {
  it('emits the list, then a map for each event that changes something', async () => {
    const { events$, membership$, clock } = setUp()
    const seen = observe(membership$)
    await clock.pass(100)
    events$.next({ type: 'member-join', members: [memberOf('a'), memberOf('b')] })
    await clock.pass(100)
    events$.next({ type: 'member-join', members: [memberOf('b')] })
    await clock.pass(100)
    events$.next({ type: 'member-reap', members: [memberOf('a')] })
    expect(names(seen.values)).toEqual(['a', 'ab', 'b'])
  })

  it('gathers what comes within 50 ms', async () => {
    const { events$, membership$, clock } = setUp()
    const seen = observe(membership$)
    await clock.pass(100)
    for (const name of 'bcde') events$.next({ type: 'member-join', members: [memberOf(name)] })
    expect(names(seen.values)).toEqual(['a', 'ab'])
    await clock.pass(50)
    expect(names(seen.values)).toEqual(['a', 'ab', 'abcde'])
    await clock.pass(1_000)
    expect(seen.values).toHaveLength(3)
  })

  it('reads the list once more after 3 s, and then every `resync`', async () => {
    const { membership$, clock, agent } = setUp(60_000)
    const seen = observe(membership$)
    expect(agent.readings).toBe(1)
    await clock.pass(2_999)
    expect(agent.readings).toBe(1)
    agent.members = [memberOf('a'), memberOf('b')]
    await clock.pass(1)
    expect(agent.readings).toBe(2)
    expect(names(seen.values)).toEqual(['a', 'ab'])
    await clock.pass(56_999)
    expect(agent.readings).toBe(2)
    await clock.pass(1)
    expect(agent.readings).toBe(3)
    await clock.pass(3_000)
    expect(agent.readings).toBe(4)
    expect(seen.values).toHaveLength(2)
  })

  it('reads the list again after a gap', async () => {
    const { membership$, clock, agent, gaps$ } = setUp()
    const seen = observe(membership$)
    await clock.pass(10_000)
    agent.members = [memberOf('z')]
    gaps$.next()
    expect(names(seen.values)).toEqual(['a', 'z'])
  })

  it('takes the list for the truth where an event came meanwhile, and looks again', async () => {
    const clock = new ManualClock()
    const events$ = new Subject<MemberEvent>()
    const replies: Subject<Member[]>[] = []
    const members$ = defer(() => {
      const reply = new Subject<Member[]>()
      replies.push(reply)
      return reply
    })
    const seen = observe(membershipOf({ events$, members$, gaps$: NEVER }, 0, clock))
    const reply = (...members: Member[]) => {
      replies.at(-1)?.next(members)
      replies.at(-1)?.complete()
    }
    reply(memberOf('a'), memberOf('b'))
    await clock.pass(3_000)
    events$.next({ type: 'member-failed', members: [memberOf('b', { status: 'failed' })] })
    reply(memberOf('a'), memberOf('b'))
    await clock.pass(50)
    expect(seen.values.at(-1)?.get('b')?.status).toBe('alive')
    await clock.pass(3_000)
    expect(replies).toHaveLength(3)
    reply(memberOf('a'), memberOf('b', { status: 'failed' }))
    await clock.pass(50)
    expect(seen.values.at(-1)?.get('b')?.status).toBe('failed')
    await clock.pass(100_000)
    expect(replies).toHaveLength(3)
  })

  it('keeps what it knows while the list cannot be read', async () => {
    const { membership$, clock, agent } = setUp()
    const seen = observe(membership$)
    agent.fails = lost
    await clock.pass(10_000)
    expect(seen).toMatchObject({ error: undefined, values: [expect.anything()] })
    agent.fails = undefined
    agent.members = [memberOf('b')]
    await clock.pass(3_000)
    expect(names(seen.values)).toEqual(['a', 'b'])
  })

  it('errors where the list cannot be read at first, or not at all', async () => {
    const first = setUp()
    first.agent.fails = lost
    expect(observe(first.membership$).error).toBe(lost)
    const later = setUp()
    const seen = observe(later.membership$)
    later.agent.fails = new RpcError('no', { code: 'AUTH_REQUIRED', command: 'members', seq: 1 })
    await later.clock.pass(3_000)
    expect(seen.error).toBe(later.agent.fails)
    expect(later.clock.due()).toEqual([])
  })

  it('errors with its stream, and leaves nothing behind', async () => {
    const { membership$, events$, gaps$, clock } = setUp()
    const seen = observe(membership$)
    events$.error(new SerfError('over', 'CLOSED'))
    expect(seen.error).toMatchObject({ code: 'CLOSED' })
    expect(gaps$.observed).toBe(false)
    expect(clock.due()).toEqual([])
    await clock.pass(100_000)
  })

  it('stops all when it is unsubscribed', async () => {
    const { membership$, events$, clock, agent } = setUp()
    observe(membership$).unsubscribe()
    expect(events$.observed).toBe(false)
    await clock.pass(100_000)
    expect(agent.readings).toBe(1)
    expect(clock.due()).toEqual([])
  })
})
