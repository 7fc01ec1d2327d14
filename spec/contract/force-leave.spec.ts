import type { Connection, Member, MemberEvent, MemberEventType } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { listening, type Recording } from '../support/observe/recording'
import { opened } from '../support/agents/opened'
import { until } from '../support/time/until'
import { valueOf, valuesOf } from '../support/observe/values'

/** An agent takes its time to find another failed: 4 to 6 s on an idle machine. */
const TO_FIND_FAILED = 50_000

interface Watched {
  connection: Connection
  events: Recording<MemberEvent>
}

async function watched(agent: Agent): Promise<Watched> {
  const connection = await opened(agent)
  const stream$ = connection.stream(['member-failed', 'member-leave', 'member-reap'])
  return { connection, events: await listening(connection, stream$) }
}

/** The member as an event of this type shows it. */
function eventOf({ events }: Watched, type: MemberEventType): Promise<Member> {
  return until(
    `${type} of the failed member`,
    () =>
      events.values
        .filter((event) => event.type === type)
        .flatMap(({ members }) => members)
        .find(({ name }) => name === 'failed'),
    TO_FIND_FAILED,
  )
}

async function statusOf(name: string, { connection }: Watched) {
  return (await valueOf(connection.members())).find((member) => member.name === name)?.status
}

describe.each(agentKinds)('force-leave, on $kind', ({ startCluster }) => {
  // Two clusters of two: failures are found soonest where nobody else is to be asked.
  let agents: readonly Agent[] = []
  let leaving: Watched
  let pruning: Watched

  beforeAll(async () => {
    const [[one, toLeave], [two, toForget]] = await Promise.all([
      startCluster({ name: 'survivor' }, { name: 'failed', tags: { role: 'web' } }),
      startCluster({ name: 'survivor' }, { name: 'failed' }),
    ])
    agents = [one, two]
    ;[leaving, pruning] = await Promise.all([watched(one), watched(two)])
    await stopAll(toLeave, toForget)
    await Promise.all([eventOf(leaving, 'member-failed'), eventOf(pruning, 'member-failed')])
  }, 60_000)
  afterAll(async () => {
    leaving.connection.close()
    pruning.connection.close()
    await stopAll(...agents)
  })

  it('is for members that failed, which the stream has reported', async () => {
    expect(await statusOf('failed', leaving)).toBe('failed')
    expect(await eventOf(leaving, 'member-failed')).toMatchObject({
      name: 'failed',
      addr: '127.0.0.1',
      tags: { role: 'web' },
      status: 'failed',
    })
  })

  it('turns a failed member into one that left, which the stream reports; with prune it is then forgotten', async () => {
    const { connection } = leaving
    expect(await valuesOf(connection.forceLeave('failed'))).toEqual([undefined])

    expect(await statusOf('failed', leaving)).toBe('left')
    expect(await eventOf(leaving, 'member-leave')).toMatchObject({ name: 'failed', status: 'left' })

    expect(await valuesOf(connection.forceLeave('failed', { prune: true }))).toEqual([undefined])
    expect(await statusOf('failed', leaving)).toBeUndefined()
  })

  it('forgets a failed member at once with prune, which the stream reports', async () => {
    expect(await valuesOf(pruning.connection.forceLeave('failed', { prune: true }))).toEqual([undefined])

    expect(await statusOf('failed', pruning)).toBeUndefined()
    expect(await eventOf(pruning, 'member-reap')).toMatchObject({ name: 'failed', status: 'left' })
  })

  it('accepts an unknown name, and the name of the agent itself', async () => {
    const { connection } = leaving
    expect(await valuesOf(connection.forceLeave('nobody'))).toEqual([undefined])
    expect(await valuesOf(connection.forceLeave('nobody, ünï', { prune: true }))).toEqual([undefined])
    expect(await valuesOf(connection.forceLeave('survivor'))).toEqual([undefined])
    expect(await statusOf('survivor', leaving)).toBe('alive')
  })

  it('is refused at the call without a name', () => {
    expect(() => leaving.connection.forceLeave('')).toThrow(TypeError)
  })
})
