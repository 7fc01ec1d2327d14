import { of, Subject, throwError } from 'rxjs'
import type { Client } from '../../lib/client/client'
import { observe } from '../support/observe/recording'
import { virtualClient } from '../support/peers/virtual-client'
import { settle } from '../support/time/settle'

type Tags = Record<string, string>

/** What the agent was asked to set and to remove, in turn. */
const asked = ({ agent }: Pick<ReturnType<typeof virtualClient>, 'agent'>) =>
  agent.asked('tags').map(({ body }) => {
    const { Tags, DeleteTags } = body as { Tags: Tags; DeleteTags: string[] }
    return [Tags, DeleteTags]
  })

/** A client that keeps the tags which `tags$` emits. */
async function keeping() {
  const setUp = virtualClient()
  const tags$ = new Subject<Tags>()
  const seen = observe(setUp.client.keepTags(tags$))
  await settle()
  return { ...setUp, tags$, seen }
}

describe('keepTags', () => {
  it('sets the tags of each subscriber, and does not complete', async () => {
    const setUp = virtualClient()
    const kept$ = setUp.client.keepTags({ role: 'web' })
    await settle()
    expect(setUp.agent.dials).toBe(0)
    const seen = observe(kept$)
    observe(kept$)
    await settle()
    expect(asked(setUp)).toEqual([
      [{ role: 'web' }, []],
      [{ role: 'web' }, []],
    ])
    expect(seen).toMatchObject({ values: [undefined], ended: false })
    setUp.client.close()
  })

  it('sets them again after each reconnect, although nothing else is subscribed', async () => {
    const setUp = virtualClient()
    const seen = observe(setUp.client.keepTags({ role: 'web' }))
    await settle()
    for (let round = 2; round <= 3; round++) {
      setUp.agent.drop()
      await setUp.clock.pass(10_000)
      expect(asked(setUp)).toHaveLength(round)
      expect(seen).toMatchObject({ values: Array(round).fill(undefined), ended: false })
    }
    setUp.agent.refusing = true
    setUp.agent.drop()
    await setUp.clock.pass(600_000)
    setUp.agent.refusing = false
    await setUp.clock.pass(10_000)
    expect(seen).toMatchObject({ values: Array(4).fill(undefined), ended: false })
    expect(setUp.status.values.at(-1)).toBe('ready')
    setUp.client.close()
  })

  it('sets the tags that the Observable emits, removes those it no longer has, and continues after it completes', async () => {
    const { tags$, seen, ...setUp } = await keeping()
    expect(asked(setUp)).toEqual([])
    for (const tags of [{ a: '1', b: '1' }, { a: '1', b: '1' }, { b: '2', c: '1' }, {}]) {
      tags$.next(tags)
      await settle()
    }
    expect(asked(setUp)).toEqual([
      [{ a: '1', b: '1' }, []],
      [{ b: '2', c: '1' }, ['a']],
      [{}, ['b', 'c']],
    ])
    tags$.next({ d: '1' })
    tags$.complete()
    await settle()
    setUp.agent.drop()
    await setUp.clock.pass(10_000)
    expect(asked(setUp).slice(3)).toEqual([
      [{ d: '1' }, []],
      [{ d: '1' }, []],
    ])
    expect(seen).toMatchObject({ values: Array(5).fill(undefined), ended: false })
    setUp.client.close()
  })

  it('skips all but the newest of the values that come while others are being set', async () => {
    const { tags$, seen, ...setUp } = await keeping()
    for (const tags of [{ a: '1' }, { a: '2', b: '2' }, { a: '3', c: '3' }]) tags$.next(tags)
    await settle()
    expect(asked(setUp)).toEqual([
      [{ a: '1' }, []],
      [{ a: '3', c: '3' }, []],
    ])
    expect(seen.values).toHaveLength(2)
    setUp.client.close()
  })

  it('survives a loss while tags are being set, and later removes those that may have been set', async () => {
    const { tags$, seen, ...setUp } = await keeping()
    tags$.next({ a: '1' })
    await settle()
    setUp.agent.silent.add('tags')
    tags$.next({ b: '1' })
    await settle()
    setUp.agent.silent.clear()
    tags$.next({ c: '1' })
    setUp.agent.drop()
    await setUp.clock.pass(10_000)
    expect(asked(setUp).at(-1)).toEqual([{ c: '1' }, ['a', 'b']])
    expect(seen).toMatchObject({ values: [undefined, undefined], ended: false })
    setUp.client.close()
  })

  it('errors when the agent refuses, when the Observable errors, and when it emits anything but tags', async () => {
    const setUp = virtualClient()
    const failing = new Error('no more')
    const errors = [
      observe(setUp.client.keepTags(throwError(() => failing))),
      observe(setUp.client.keepTags(of({ weight: 5 } as unknown as Tags))),
    ].map(({ error }) => error)
    expect(errors).toEqual([failing, new TypeError('the tags of keepTags.weight must be a string')])
    expect(setUp.agent.dials).toBe(0)
    setUp.agent.answers.set('tags', () => ({ error: 'Encoded length of tags exceeds limit of 512 bytes' }))
    const refused = observe(setUp.client.keepTags({ a: 'too long' }))
    await settle()
    expect(refused.error).toMatchObject({ code: 'AGENT_ERROR', command: 'tags' })
    expect(setUp.status.values.at(-1)).toBe('ready')
    setUp.client.close()
  })

  it('errors when there is no first connection, and when retries are spent', async () => {
    const never = virtualClient()
    never.agent.refusing = true
    const unreachable = observe(never.client.keepTags({ a: '1' }))
    await settle()
    expect(unreachable.error).toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringMatching(/^tags: /),
    })
    const once = virtualClient({ reconnect: false })
    const lost = observe(once.client.keepTags({ a: '1' }))
    await settle()
    once.agent.drop()
    await settle()
    expect(lost.error).toMatchObject({ code: 'CONNECTION_LOST' })
    const spent = virtualClient({ reconnect: { maxRetries: 2 } })
    const givenUp = observe(spent.client.keepTags({ a: '1' }))
    await settle()
    spent.agent.refusing = true
    spent.agent.drop()
    await spent.clock.pass(10_000)
    expect(givenUp.error).toMatchObject({ code: 'ECONNREFUSED' })
    expect([never, once, spent].flatMap(({ clock }) => clock.due({ held: true }))).toEqual([])
  })

  it('waits for the first connection, and for a later one, without a limit, with waitOnFirstConnect', async () => {
    const { client, agent, clock } = virtualClient({ waitOnFirstConnect: true, timeout: 1_000 })
    agent.refusing = true
    const seen = observe(client.keepTags({ role: 'web' }))
    await clock.pass(600_000)
    expect(seen).toMatchObject({ values: [], ended: false })
    agent.refusing = false
    await clock.pass(10_000)
    expect(asked({ agent })).toEqual([[{ role: 'web' }, []]])
    expect(seen).toMatchObject({ values: [undefined], ended: false })
    agent.refusing = true
    agent.drop()
    await clock.pass(600_000)
    agent.refusing = false
    await clock.pass(10_000)
    expect(seen).toMatchObject({ values: [undefined, undefined], ended: false })
    client.close()
  })

  it('errors when the first request gets no reply; a later one is repeated on the next connection', async () => {
    const setUp = virtualClient({ timeout: 1_000 })
    setUp.agent.silent.add('tags')
    const first = observe(setUp.client.keepTags({ a: '1' }))
    await setUp.clock.pass(1_000)
    expect(first.error).toMatchObject({ code: 'TIMEOUT' })
    setUp.agent.silent.clear()
    const seen = observe(setUp.client.keepTags({ a: '1' }))
    await settle()
    setUp.agent.silent.add('tags')
    setUp.agent.drop()
    await setUp.clock.pass(1_000)
    setUp.agent.silent.clear()
    await setUp.clock.pass(2_000)
    expect(seen).toMatchObject({ values: [undefined, undefined], ended: false })
    setUp.client.close()
  })

  const close = (client: Client) => client.close()
  const leave = (client: Client) => observe(client.leave())
  it.each([
    ['close()', close],
    ['leave()', leave],
  ])('completes at %s, and leaves no timer or socket', async (_what, end) => {
    const { tags$, seen, ...setUp } = await keeping()
    tags$.next({ a: '1' })
    await settle()
    setUp.agent.silent.add('tags')
    tags$.next({ a: '2' })
    end(setUp.client)
    await settle()
    expect(seen).toMatchObject({ completed: true, error: undefined })
    expect(tags$.observed).toBe(false)
    expect(setUp.clock.due()).toEqual([])
    const late = observe(setUp.client.keepTags({ a: '1' }))
    await setUp.clock.pass(1)
    expect(late.error).toMatchObject({ code: 'CLOSED' })
  })

  it('completes when the client is closed while it reconnects', async () => {
    const setUp = virtualClient()
    const seen = observe(setUp.client.keepTags({ a: '1' }))
    await settle()
    setUp.agent.refusing = true
    setUp.agent.drop()
    await setUp.clock.pass(100)
    expect(setUp.status.values.at(-1)).toBe('reconnecting')
    setUp.client.close()
    expect(seen).toMatchObject({ completed: true, error: undefined })
    expect(setUp.clock.due()).toEqual([])
  })

  it('leaves the tags as they are when it is unsubscribed, and no longer keeps the process alive', async () => {
    const { tags$, seen, ...setUp } = await keeping()
    tags$.next({ a: '1' })
    await settle()
    const { socket } = setUp.agent
    expect(socket.held).toBe(true)
    seen.unsubscribe()
    tags$.next({ a: '2' })
    await settle()
    expect(asked(setUp)).toHaveLength(1)
    expect(socket.held).toBe(false)
    expect(tags$.observed).toBe(false)
    setUp.agent.drop()
    await setUp.clock.pass(60_000)
    expect(setUp.agent.dials).toBe(1)
    expect(setUp.clock.due({ held: true })).toEqual([])
  })

  it('refuses anything but tags at the call', () => {
    const { client } = virtualClient()
    const role = new Map([['role', 'web']])
    for (const tags of [undefined, null, 'role', ['role'], { weight: 5 }, role, Promise.resolve({})])
      expect(() => client.keepTags(tags as never)).toThrow(TypeError)
  })
})
