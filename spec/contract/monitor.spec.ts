import type { Connection, LogLevel } from 'serfx'
import { type Agent, agentKinds, stopAll } from '../support/agents/agents'
import { listening, type Recording } from '../support/observe/recording'
import { refusalOf } from '../support/observe/failure'
import { opened } from '../support/agents/opened'
import { valueOf } from '../support/observe/values'

describe.each(agentKinds)('monitor, on $kind', ({ start }) => {
  let agent: Agent
  let other: Connection

  beforeAll(async () => {
    agent = await start({ authKey: 'key' })
    other = await opened(agent)
  })
  afterAll(async () => {
    other.close()
    await stopAll(agent)
  })

  /** Lets the agent log a line at each of three levels, which all have this mark. */
  const logAll = async (mark: string) => {
    await valueOf(other.event(mark)) // DEBUG
    await valueOf(other.forceLeave(mark)) // INFO
    await refusalOf(agent, other.join(`${mark}/127.0.0.1:1`)) // WARN
  }

  const having = (...texts: string[]) => {
    return (line: string) => texts.every((text) => line.includes(text))
  }

  const levelsOf = ({ values }: Recording<string>) =>
    new Set(values.map((line) => /\[(\w+)\]/.exec(line)?.[1] ?? line))

  it('emits the earlier lines of the log, then new ones, at DEBUG by default', async () => {
    await logAll('the-past')
    using connection = await opened(agent)
    using monitor = await listening(connection, connection.monitor())

    const before = await monitor.find('what was logged', having('[INFO]', 'the-past'))
    await logAll('the-present')
    const now = await monitor.find('what is being logged', having('[INFO]', 'the-present'))

    expect(before).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[INFO\] agent: .*the-past$/)
    expect(now).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[INFO\] agent: .*the-present$/)
    expect(monitor.values.filter(having('[DEBUG]', 'the-past'))).not.toEqual([])
    expect(monitor.values.filter(having('[DEBUG]', 'the-present'))).not.toEqual([])
  })

  it.each<{ level: LogLevel; told: string[]; kept: string[] }>([
    { level: 'trace', told: ['[DEBUG]', '[INFO]', '[WARN]'], kept: [] },
    { level: 'debug', told: ['[DEBUG]', '[INFO]', '[WARN]'], kept: [] },
    { level: 'info', told: ['[INFO]', '[WARN]'], kept: ['DEBUG'] },
    { level: 'warn', told: ['[WARN]'], kept: ['DEBUG', 'INFO'] },
  ])('tells $told at the level $level', async ({ level, told, kept }) => {
    using connection = await opened(agent)
    using monitor = await listening(connection, connection.monitor(level))

    await logAll(`at-${level}`)

    const last = told.at(-1) ?? ''
    await monitor.find('the last of them', having(last, 'error joining'))
    for (const mark of told) expect(monitor.values.filter(having(mark))).not.toEqual([])
    for (const mark of kept) expect(levelsOf(monitor)).not.toContain(mark)
  })

  it('emits only errors at the level err, and other commands are answered', async () => {
    using connection = await opened(agent)
    using monitor = await listening(connection, connection.monitor('err'))

    await logAll('at-err')

    expect(await valueOf(connection.members())).toHaveLength(1)
    expect(['ERR']).toEqual(expect.arrayContaining([...levelsOf(monitor)]))
  })

  it('is refused for an unknown level, and the connection goes on', async () => {
    using connection = await opened(agent)

    const refusal = await refusalOf(agent, connection.request('monitor', { LogLevel: 'error' }))

    expect(refusal).toMatchObject({ code: 'AGENT_ERROR', command: 'monitor', body: undefined })
    expect(refusal.message).toContain('Unknown log level: ERROR')
    using monitor = await listening(connection, connection.monitor('info'))
    await monitor.find('a line')
  })

  it('is one per connection: a second one is refused, the first goes on', async () => {
    using connection = await opened(agent)
    using monitor = await listening(connection, connection.monitor('info'))

    const refusal = await refusalOf(agent, connection.monitor('info'))

    expect(refusal).toMatchObject({ code: 'MONITOR_EXISTS', command: 'monitor', body: undefined })
    expect(refusal.message).toContain('Monitor already exists')
    await logAll('still-there')
    await monitor.find('a new line', having('still-there'))
  })

  it('can be subscribed again after it was unsubscribed', async () => {
    using connection = await opened(agent)
    const first = await listening(connection, connection.monitor('info'))
    first.unsubscribe()

    using second = await listening(connection, connection.monitor('info'))

    await logAll('once-more')
    await second.find('a new line', having('once-more'))
    expect(first.values.filter(having('once-more'))).toEqual([])
  })

  it.each(['', 'error', 'INFO'])('is refused at the call for the level %j', (level) => {
    expect(() => other.monitor(level as LogLevel)).toThrow(
      new TypeError(
        `the level of a monitor must be one of trace, debug, info, warn, err, not ${JSON.stringify(level)}`,
      ),
    )
  })
})
