import { PassThrough, Readable } from 'node:stream'
import { toArray } from 'rxjs'
import { events, ofQuery, ofUser, respond, type EventSources } from '../../lib/handler'
import { valueOf, valuesOf } from '../support/observe/values'

const query = {
  SERF_EVENT: 'query',
  SERF_QUERY_NAME: 'upcase',
  SERF_QUERY_LTIME: '7',
  SERF_SELF_NAME: 'node-a',
}
const user = { SERF_EVENT: 'user', SERF_USER_EVENT: 'deploy', SERF_USER_LTIME: '3' }
const context = (env: Record<string, string>): object => ({
  self: { name: env['SERF_SELF_NAME'] ?? '', role: '', tags: {} },
  environment: env,
})

describe('events', () => {
  it('gives a user event', async () => {
    expect(await valuesOf(events({ env: user, stdin: 'foo\n' }))).toEqual([
      { type: 'user', name: 'deploy', ltime: 3, payload: Buffer.from('foo'), text: 'foo', ...context(user) },
    ])
  })

  it('gives a query event, which has neither the id of a stream nor its coalesce', async () => {
    expect(await valuesOf(events({ env: query, stdin: 'foo\n' }))).toEqual([
      {
        type: 'query',
        name: 'upcase',
        ltime: 7,
        payload: Buffer.from('foo'),
        text: 'foo',
        respond: expect.any(Function),
        ...context(query),
      },
    ])
  })

  it.each(['member-join', 'member-leave', 'member-failed', 'member-update', 'member-reap'])(
    'gives a %s event',
    async (type) => {
      const env = { SERF_EVENT: type }
      const raw = 'node-b\t10.0.0.2\tweb\trole=web'
      expect(await valueOf(events({ env, stdin: `${raw}\n` }))).toEqual({
        type,
        members: [{ name: 'node-b', addr: '10.0.0.2', role: 'web', tags: { role: 'web' }, raw }],
        ...context(env),
      })
    },
  )

  it.each([
    ['nothing', '', ''],
    ['no newline', 'foo', 'foo'],
    ['one newline', 'foo\n', 'foo'],
    ['two newlines', 'foo\n\n', 'foo\n\n'],
    ['a newline alone', '\n', ''],
    ['a carriage return', 'foo\r\n', 'foo\r'],
  ])('takes off the newline that the agent may have appended: %s', async (_name, stdin, text) => {
    for (const env of [user, query]) expect(await valueOf(events({ env, stdin }))).toMatchObject({ text })
  })

  it('keeps bytes as they are', async () => {
    const payload = Buffer.from([0, 255, 10, 13, 10, 0xc3])
    const stdin = Readable.from([payload.subarray(0, 2), payload.subarray(2)])
    expect(await valueOf(events({ env: user, stdin }))).toMatchObject({ payload })
  })

  it('reads stdin once for all its subscribers, and gives them the same event', async () => {
    let opened = 0
    const stdin = {
      async *[Symbol.asyncIterator]() {
        opened++
        yield await Promise.resolve('foo')
      },
    }
    const source = events({ env: query, stdin })
    const [first, second] = await Promise.all([valueOf(source), valueOf(source)])
    expect(await valueOf(source)).toBe(first)
    expect(second).toBe(first)
    expect(opened).toBe(1)
  })

  it('reads nothing before it is subscribed, nor for an event that is wrong', async () => {
    const stdin = {
      [Symbol.asyncIterator]: (): never => {
        throw new Error('stdin was read')
      },
    }
    await expect(valueOf(events({ env: {}, stdin }))).rejects.toMatchObject({ code: 'NO_EVENT' })
    await expect(valueOf(events({ env: { SERF_EVENT: 'x' }, stdin }))).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT',
    })
    await expect(valueOf(events({ env: { SERF_EVENT: 'query' }, stdin }))).rejects.toMatchObject({
      code: 'INVALID_ENVIRONMENT',
    })
    await expect(valueOf(events({ env: query, stdin }))).rejects.toThrow('stdin was read')
  })

  it('refuses a source that does not exist, and names those that do', () => {
    expect(() => events({ env: query, stdn: 'foo' } as EventSources)).toThrow(
      new TypeError('the sources of events: there is no "stdn"; valid: env, stdin, stdout'),
    )
  })

  it('emits nothing to a subscriber that has left', async () => {
    const seen: unknown[] = []
    const source = events({ env: query, stdin: 'foo' })
    source.subscribe((event) => seen.push(event)).unsubscribe()
    await valueOf(source)
    expect(seen).toEqual([])
  })

  it('tells every subscriber of the same error', async () => {
    const source = events({ env: { SERF_EVENT: 'member-join' }, stdin: 'too few fields' })
    const failures = await Promise.allSettled([valueOf(source), valueOf(source)])
    expect(failures).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'INVALID_MEMBER' }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'INVALID_MEMBER' }) },
    ])
  })
})

describe('the answer to a query of events', () => {
  function given(sources: EventSources = {}): { source: ReturnType<typeof events>; written: () => string } {
    const stdout = new PassThrough()
    const source = events({ env: query, stdin: 'foo\n', stdout, ...sources })
    return { source, written: () => String(stdout.read() ?? '') }
  }

  it('is written to stdout as it is', async () => {
    const { source, written } = given()
    const answered = source.pipe(
      ofQuery('upcase'),
      respond((event) => event.text.toUpperCase()),
    )
    expect(await valueOf(answered)).toMatchObject({ name: 'upcase' })
    expect(written()).toBe('FOO')
  })

  it('is cold: written when it is subscribed', async () => {
    const { source, written } = given()
    const event = await valueOf(source.pipe(ofQuery()))
    const answer = event.respond('FOO')
    expect(written()).toBe('')
    expect(await valuesOf(answer)).toEqual([undefined])
    expect(written()).toBe('FOO')
  })

  it('can be given once, whatever pipeline gives it', async () => {
    const { source, written } = given()
    const pipeline = source.pipe(
      ofQuery(),
      respond(() => 'FOO'),
    )
    await valueOf(pipeline)
    await expect(valueOf(pipeline)).rejects.toMatchObject({ code: 'ALREADY_ANSWERED' })
    expect(written()).toBe('FOO')
  })

  it('can be empty', async () => {
    const { source, written } = given()
    const event = await valueOf(source.pipe(ofQuery()))
    await valueOf(event.respond())
    expect(written()).toBe('')
    await expect(valueOf(event.respond('FOO'))).rejects.toMatchObject({ code: 'ALREADY_ANSWERED' })
  })

  it('is refused at the call when it is no payload', async () => {
    const event = await valueOf(given().source.pipe(ofQuery()))
    expect(() => event.respond(7 as unknown as string)).toThrow(TypeError)
  })

  it('is not there when no pipeline matches', async () => {
    const { source, written } = given()
    expect(await valuesOf(source.pipe(ofUser()))).toEqual([])
    expect(
      await valueOf(
        source.pipe(
          ofQuery('other'),
          respond(() => 'FOO'),
          toArray(),
        ),
      ),
    ).toEqual([])
    expect(written()).toBe('')
  })
})
