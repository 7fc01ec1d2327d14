import type { Connection, UserEvent } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { oddNames } from '../support/agents/odd-names'
import { listening, type Recording } from '../support/observe/recording'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { valueOf, valuesOf } from '../support/observe/values'

describe.each(agentKinds)('event, on $kind', ({ startCluster }) => {
  let cluster: readonly [Agent, Agent]
  let connection: Connection
  let elsewhere: Connection
  let here: Recording<UserEvent>
  let there: Recording<UserEvent>

  beforeAll(async () => {
    const encryptKey = 'T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s='
    cluster = await startCluster({ name: 'here', encryptKey }, { name: 'there', encryptKey, authKey: 'key' })
    ;[connection, elsewhere] = await Promise.all([opened(cluster[0]), opened(cluster[1])])
    here = await listening(connection, connection.stream('user'))
    there = await listening(elsewhere, elsewhere.stream('user'))
  })
  afterAll(async () => {
    connection.close()
    elsewhere.close()
    await stopAll(...cluster)
  })

  const named = (name: string) => (event: UserEvent) => event.name === name

  it('emits undefined, and reaches every member', async () => {
    const fired = await valuesOf(connection.event('deploy', 'v1.2.3', { coalesce: false }))

    expect(fired).toEqual([undefined])
    for (const received of [here, there]) {
      const event = await received.find('the event', named('deploy'))
      expect(event).toEqual({
        type: 'user',
        name: 'deploy',
        ltime: expect.any(Number),
        payload: Buffer.from('v1.2.3'),
        coalesce: false,
      })
      expect(event.text).toBe('v1.2.3')
      expect(event.ltime).toBeGreaterThan(0)
    }
  })

  it('coalesces by default: of two events only the newer one is delivered', async () => {
    await valueOf(connection.event('newest', 'first'))
    await valueOf(connection.event('newest', 'second'))

    const event = await here.find('the event', named('newest'))

    expect(event).toMatchObject({ coalesce: true })
    expect(event.text).toBe('second')
    expect(here.values.filter(named('newest'))).toHaveLength(1)
  })

  it('carries any bytes', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)

    await valueOf(connection.event('bytes', bytes, { coalesce: false }))

    for (const received of [here, there]) {
      expect((await received.find('the event', named('bytes'))).payload).toEqual(Buffer.from(bytes))
    }
  })

  it.each([
    { what: 'a string', payload: 'ünï ☃ 🦀\n', expected: 'ünï ☃ 🦀\n' },
    { what: 'an empty string', payload: '', expected: '' },
    { what: 'no bytes', payload: new Uint8Array(), expected: '' },
    { what: 'nothing', payload: undefined, expected: '' },
  ])('carries $what', async ({ what, payload, expected }) => {
    await valueOf(connection.event(`payload of ${what}`, payload, { coalesce: false }))

    const event = await here.find('the event', named(`payload of ${what}`))

    expect(event.payload).toEqual(Buffer.from(expected))
    expect(event.text).toBe(expected)
  })

  it.each(oddNames)('can have the name %j', async (name) => {
    await valueOf(connection.event(name, 'here', { coalesce: false }))

    expect((await here.find('the event', named(name))).text).toBe('here')
  })

  it('is fired anew by each subscription', async () => {
    const event$ = connection.event('twice', undefined, { coalesce: false })

    await valueOf(event$)
    await valueOf(event$)
    await valueOf(connection.event('after twice', undefined, { coalesce: false }))

    await here.find('the event after', named('after twice'))
    const [first, second, ...more] = here.values.filter(named('twice'))
    expect(more).toEqual([])
    expect(second?.ltime).toBe((first?.ltime ?? NaN) + 1)
  })

  it.each([
    { what: 'a payload', name: 'big', payload: 'x'.repeat(513) },
    { what: 'a name', name: 'x'.repeat(513), payload: '' },
    { what: 'an encoding', name: 'big', payload: 'x'.repeat(505) },
  ])('is refused for $what beyond 512 bytes, and the connection goes on', async ({ name, payload }) => {
    const refusal = await refusalOf(cluster[0], connection.event(name, payload, { coalesce: false }))

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'event', body: undefined })
    expect(refusal.message).toContain('exceeds configured limit of 512 bytes')
    await valueOf(connection.event('after it', name.slice(0, 100), { coalesce: false }))
    await here.find('the event after', named('after it'))
    expect(here.values.filter(named('big'))).toEqual([])
  })

  it('is refused at the call without a name or a payload of bytes', () => {
    expect(() => connection.event('')).toThrow(TypeError)
    expect(() => connection.event('deploy', { not: 'bytes' } as unknown as string)).toThrow(TypeError)
  })
})
