import { defer, NEVER, of, Subject, throwError } from 'rxjs'
import { MemberTable } from '../../lib/client/member-table'
import { membershipOf } from '../../lib/client/membership'
import { ConnectionError, ProtocolError, RpcError, SerfError } from '../../lib/errors'
import type { MemberEvent } from '../../lib/events/event'
import type { Gap } from '../../lib/client/gaps'
import type { Member } from '../../lib/member'
import { ManualClock } from '../support/time/manual-clock'
import { memberOf } from '../support/agents/member-of'
import { observe } from '../support/observe/recording'

function setUp(resync = 60_000, rejoinGrace = 10_000) {
  const clock = new ManualClock()
  const events$ = new Subject<MemberEvent>()
  const gaps$ = new Subject<Pick<Gap, 'reason'>>()
  const agent = { members: [memberOf('a')], readings: 0, fails: undefined as unknown }
  const members$ = defer(() => {
    agent.readings++
    return agent.fails === undefined ? of(agent.members) : throwError(() => agent.fails)
  })
  const membership$ = membershipOf({ events$, members$, gaps$ }, { resync, rejoinGrace }, clock)
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

  it('emits at most one map per 50 ms', async () => {
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
    gaps$.next({ reason: 'dropped' })
    expect(names(seen.values)).toEqual(['a', 'z'])
  })

  it('prefers the list to an event that came during the reading, and reads the list again', async () => {
    const clock = new ManualClock()
    const events$ = new Subject<MemberEvent>()
    const replies: Subject<Member[]>[] = []
    const members$ = defer(() => {
      const reply = new Subject<Member[]>()
      replies.push(reply)
      return reply
    })
    const seen = observe(
      membershipOf({ events$, members$, gaps$: NEVER }, { resync: 0, rejoinGrace: 0 }, clock),
    )
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

  it('keeps the last map while the list cannot be read', async () => {
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

  it('survives an unreadable reply, as a stream does', async () => {
    const { membership$, clock, agent } = setUp()
    const seen = observe(membership$)
    agent.fails = new ProtocolError('a member without a name')
    await clock.pass(10_000)
    expect(seen).toMatchObject({ error: undefined, values: [expect.anything()] })
    agent.fails = undefined
    agent.members = [memberOf('b')]
    await clock.pass(3_000)
    expect(names(seen.values)).toEqual(['a', 'b'])
  })

  it('spends at most a twentieth of the time on copies of the map', async () => {
    const COPY = 10
    let spent = 0
    class BusyClock extends ManualClock {
      override now(): number {
        return super.now() + spent
      }
    }
    const clock = new BusyClock()
    const copy = jest.spyOn(MemberTable.prototype, 'snapshot').mockImplementation(() => {
      spent += COPY
      return new Map()
    })
    const events$ = new Subject<MemberEvent>()
    const sources = { events$, members$: of([memberOf('a')]), gaps$: NEVER }
    observe(membershipOf(sources, { resync: 0, rejoinGrace: 0 }, clock))
    await clock.pass(1_000)
    copy.mockClear()
    for (let change = 1; change <= 300; change++) {
      events$.next({ type: 'member-update', members: [memberOf('a', { port: change })] })
      await clock.pass(10)
    }
    expect(copy.mock.calls.length).toBeGreaterThan(10)
    expect(copy.mock.calls.length * COPY).toBeLessThanOrEqual(3_000 / 20 + COPY)
    copy.mockRestore()
  })

  it('errors when the first list cannot be read, and when the agent refuses a later one', async () => {
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

  it('emits nothing for events that come before the first list', () => {
    const events$ = new Subject<MemberEvent>()
    const list$ = new Subject<Member[]>()
    const options = { resync: 0, rejoinGrace: 0 }
    const seen = observe(membershipOf({ events$, members$: list$, gaps$: NEVER }, options, new ManualClock()))
    events$.next({ type: 'member-join', members: [memberOf('b')] })
    expect(seen.values).toEqual([])
    list$.next([memberOf('a')])
    expect(names(seen.values)).toEqual(['a'])
  })

  it('leaves it to the stream to say that the client was closed', () => {
    const { agent, membership$, events$ } = setUp()
    agent.fails = new ConnectionError('closed', 'CLOSED', 'x')
    const seen = observe(membership$)
    expect(seen.error).toBeUndefined()
    events$.complete()
    expect(seen.completed).toBe(true)
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

  it('stops everything when it is unsubscribed', async () => {
    const { membership$, events$, clock, agent } = setUp()
    observe(membership$).unsubscribe()
    expect(events$.observed).toBe(false)
    await clock.pass(100_000)
    expect(agent.readings).toBe(1)
    expect(clock.due()).toEqual([])
  })
})

describe('membership after a restart of the agent', () => {
  /** Knows a, b and c; then its agent comes back and lists a alone. */
  async function restarted(rejoinGrace?: number) {
    const set = setUp(0, rejoinGrace)
    set.agent.members = [memberOf('a'), memberOf('b'), memberOf('c')]
    const seen = observe(set.membership$)
    await set.clock.pass(20_000)
    const before = seen.values.at(-1)
    set.agent.members = [memberOf('a')]
    set.gaps$.next({ reason: 'reconnected' })
    const latest = () => [...(seen.values.at(-1)?.keys() ?? [])].join('')
    return { ...set, seen, before, latest }
  }

  it('keeps alive members for exactly rejoinGrace, then follows the list', async () => {
    const { clock, latest, seen } = await restarted()
    expect(latest()).toBe('abc')
    await clock.pass(9_999)
    expect(seen.values).toHaveLength(1)
    await clock.pass(1)
    expect(latest()).toBe('a')
    expect(clock.due()).toEqual([])
  })

  it.each([
    [0, 0],
    [2_500, 2_500],
  ])('keeps them for a grace of %d ms', async (grace, leftAfter) => {
    const { clock, latest } = await restarted(grace)
    if (leftAfter > 0) {
      await clock.pass(leftAfter - 1)
      expect(latest()).toBe('abc')
      await clock.pass(1)
    }
    expect(latest()).toBe('a')
  })

  it('keeps the objects of members that are listed again unchanged, and applies a new state', async () => {
    const { clock, agent, seen, before } = await restarted()
    agent.members = [memberOf('a'), memberOf('b'), memberOf('c', { tags: { role: 'db' } })]
    await clock.pass(3_000)
    expect(seen.values.at(-1)?.get('b')).toBe(before?.get('b'))
    expect(seen.values.at(-1)?.get('c')?.tags).toEqual({ role: 'db' })
    await clock.pass(60_000)
    expect(seen.values.at(-1)?.size).toBe(3)
  })

  it.each([
    ['member-failed', 'failed'],
    ['member-leave', 'left'],
    ['member-reap', 'left'],
  ] as const)('removes a member at once after %s, unless it is listed', async (type, status) => {
    const { clock, events$, latest, agent } = await restarted()
    const { readings } = agent
    events$.next({ type, members: [memberOf('b', { status })] })
    await clock.pass(50)
    expect(latest()).toBe('ac')
    agent.members = [memberOf('a'), memberOf('c', { status })]
    events$.next({ type, members: [memberOf('c', { status })] })
    await clock.pass(50)
    expect(latest()).toBe(type === 'member-reap' ? 'a' : 'ac')
    expect(agent.readings - readings).toBe(type === 'member-reap' ? 0 : 2)
    await clock.pass(60_000)
    expect(latest()).toBe('ac')
  })

  it('shows a failed member that is listed as failed, without a map in between that lacks it', async () => {
    const { clock, events$, agent, seen } = await restarted()
    const failed = memberOf('b', { status: 'failed' })
    agent.members = [memberOf('a'), failed]
    events$.next({ type: 'member-failed', members: [failed] })
    await clock.pass(60_000)
    expect(seen.values.slice(0, 2).map((members) => members.get('b')?.status)).toEqual(['alive', 'failed'])
    expect(names(seen.values.slice(0, 3))).toEqual(['abc', 'abc', 'ab'])
  })

  it('does not read the list after an event of a listed member', async () => {
    const { clock, events$, agent } = await restarted()
    const { readings } = agent
    events$.next({ type: 'member-failed', members: [memberOf('a', { status: 'failed' })] })
    events$.next({ type: 'member-join', members: [memberOf('b')] })
    await clock.pass(50)
    expect(agent.readings).toBe(readings)
  })

  it('ends the grace although its time is up while the list is being applied', async () => {
    const { clock, agent, events$, latest } = await restarted()
    const end = clock.now() + 10_000
    await clock.pass(9_999)
    const readings = agent.readings
    let looks = 0
    const now = jest
      .spyOn(clock, 'now')
      .mockImplementation(() => (agent.readings > readings && looks++ > 0 ? end : end - 1))
    // The list is read once for this event, and no later reading is due for it.
    events$.next({ type: 'member-failed', members: [{ ...memberOf('c'), status: 'failed' }] })
    now.mockRestore()
    await clock.pass(100)
    expect(latest()).toBe('a')
  })

  it('starts the grace again at another reconnect, for members that are still missing', async () => {
    const { clock, agent, gaps$, latest } = await restarted()
    await clock.pass(8_000)
    agent.members = [memberOf('a'), memberOf('b')]
    gaps$.next({ reason: 'reconnected' })
    await clock.pass(9_999)
    expect(latest()).toBe('abc')
    await clock.pass(1)
    expect(latest()).toBe('ab')
  })

  it('keeps no member that was not alive, and none after dropped events', async () => {
    const { clock, agent, gaps$, latest, seen, events$ } = await restarted()
    await clock.pass(20_000)
    events$.next({ type: 'member-failed', members: [memberOf('b', { status: 'failed' })] })
    events$.next({ type: 'member-join', members: [memberOf('c')] })
    await clock.pass(50)
    expect(latest()).toBe('abc')
    gaps$.next({ reason: 'reconnected' })
    await clock.pass(50)
    expect(latest()).toBe('ac')
    await clock.pass(20_000)
    agent.members = []
    gaps$.next({ reason: 'dropped' })
    await clock.pass(50)
    expect(seen.values.at(-1)?.size).toBe(0)
  })
})
