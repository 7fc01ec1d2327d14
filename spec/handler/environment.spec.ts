import { eventLtime, eventName, eventType, scriptContext } from '../../lib/handler/environment'
import { thrown } from '../support/observe/thrown'

describe('the environment of a script', () => {
  it.each([[{}], [{ SERF_EVENT: '' }]])('without an event says how such a script is started: %j', (env) => {
    expect(thrown(() => eventType(env))).toMatchObject({
      name: 'HandlerError',
      code: 'NO_EVENT',
      message: expect.stringContaining("serf agent -event-handler 'query:NAME=/path/to/script'"),
    })
  })

  it.each(['member-gone', 'Query', 'toString', 'user\n'])('refuses the event %j', (type) => {
    expect(thrown(() => eventType({ SERF_EVENT: type }))).toMatchObject({
      code: 'UNKNOWN_EVENT',
      message: `SERF_EVENT is ${JSON.stringify(type)}, which is not an event of Serf`,
    })
  })

  it('needs a name, which may be empty', () => {
    expect(eventName({ NAME: 'upcase' }, 'NAME')).toBe('upcase')
    expect(eventName({ NAME: '' }, 'NAME')).toBe('')
    expect(thrown(() => eventName({}, 'SERF_QUERY_NAME'))).toMatchObject({
      code: 'INVALID_ENVIRONMENT',
      message: 'there is SERF_EVENT in the environment, but no SERF_QUERY_NAME',
    })
  })

  it('takes a Lamport counter for a number, and none for 0', () => {
    expect(eventLtime({ LTIME: '42' }, 'LTIME')).toBe(42)
    expect(eventLtime({ LTIME: '18446744073709551615' }, 'LTIME')).toBeCloseTo(2 ** 64, -4)
    expect(eventLtime({}, 'LTIME')).toBe(0)
  })

  it.each(['', '-1', '1.5', '0x1', '1e3', ' 1', '1\n', '9'.repeat(21), 'abc'])(
    'refuses %j as one',
    (text) => {
      expect(thrown(() => eventLtime({ LTIME: text }, 'LTIME'))).toMatchObject({
        code: 'INVALID_ENVIRONMENT',
      })
    },
  )

  it('tells of the agent, and of no variable but its own', () => {
    const environment = {
      SERF_EVENT: 'user',
      SERF_SELF_NAME: 'node-a',
      SERF_SELF_ROLE: 'web',
      SERF_TAG_ROLE: 'web',
      SERF_TAG_NOTE: 'two\nlines',
    }
    expect(scriptContext({ PATH: '/bin', ...environment })).toEqual({
      self: { name: 'node-a', role: 'web', tags: { ROLE: 'web', NOTE: 'two\nlines' } },
      environment,
    })
  })

  it('goes without, when it was started by hand', () => {
    expect(scriptContext({}).self).toEqual({ name: '', role: '', tags: {} })
  })

  it('makes plain data of a tag named __proto__', () => {
    const { tags } = scriptContext({ SERF_TAG___proto__: '1' }).self
    expect(Object.keys(tags)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype)
  })
})
