import {
  readCoordinate,
  readJoined,
  readKeyReport,
  readLogLine,
  readStats,
} from '../../../lib/protocol/records/report-records'
import { FAULT, readAs } from '../../support/wire/read-as'
import { double, Encoded, packEntries } from '../../support/wire/pack'
import { wireFixture } from '../../support/wire/wire-fixtures'

const last = (name: string) => wireFixture(name).reply.at(-1) ?? Buffer.alloc(0)

describe('a key report', () => {
  it('is what a real agent sends', () => {
    const listed = readAs(readKeyReport, last('list-keys'))
    expect(listed).toMatchObject({ messages: {}, numErr: 0, numNodes: 1, numResp: 1 })
    expect(listed === FAULT ? [] : Object.values(listed.keys)).toEqual([1])
    expect(readAs(readKeyReport, last('install-key'))).toEqual({
      keys: {},
      messages: {},
      numErr: 0,
      numNodes: 1,
      numResp: 1,
    })
    const failed = readAs(readKeyReport, last('install-key-size'))
    expect(failed).toMatchObject({ numErr: 1 })
    expect(failed === FAULT ? [] : Object.values(failed.messages)).toEqual([
      expect.stringContaining('key size'),
    ])
  })

  it('tells what went wrong at which node', () => {
    const report = { Keys: null, Messages: { 'node-a': 'no' }, NumErr: 1, NumNodes: 3, NumResp: 2 }
    expect(readAs(readKeyReport, report)).toEqual({
      keys: {},
      messages: { 'node-a': 'no' },
      numErr: 1,
      numNodes: 3,
      numResp: 2,
    })
  })

  it('is none with anything else in it', () => {
    expect(readAs(readKeyReport, { Keys: { key: 'one' } })).toBe(FAULT)
    expect(readAs(readKeyReport, { NumErr: '1' })).toBe(FAULT)
  })
})

describe('the number of nodes joined', () => {
  it('is a number', () => {
    expect(readAs(readJoined, { Num: 3 })).toBe(3)
    expect(readAs(readJoined, last('join-failed'))).toBe(0)
    expect(readAs(readJoined, { Num: '3' })).toBe(FAULT)
  })
})

describe('stats', () => {
  it('are what a real agent sends', () => {
    expect(readAs(readStats, last('stats'))).toMatchObject({
      agent: { name: expect.any(String) },
      serf: { members: '1' },
      runtime: { os: 'linux' },
      tags: expect.any(Object),
      event_handlers: {},
    })
  })

  it('have every section, and a key __proto__ in any of them as data', () => {
    const odd = new Encoded(packEntries([['__proto__', 'x']]))
    const stats = readAs(readStats, { agent: odd, tags: odd, serf: odd, runtime: odd, event_handlers: odd })
    if (stats === FAULT) throw new Error('not read')
    expect(Object.entries(stats.agent)).toEqual([
      ['name', ''],
      ['__proto__', 'x'],
    ])
    for (const section of [stats.agent, stats.tags, stats.serf, stats.runtime, stats.event_handlers]) {
      expect(Object.hasOwn(section, '__proto__')).toBe(true)
      expect(Object.getPrototypeOf(section)).toBe(Object.prototype)
    }
    expect(readAs(readStats, {})).toEqual({
      agent: { name: '' },
      serf: {},
      runtime: {},
      tags: {},
      event_handlers: {},
    })
  })

  it('are none with a number in them', () => {
    expect(readAs(readStats, { serf: { members: 1 } })).toBe(FAULT)
  })
})

describe('a coordinate', () => {
  const Coord = {
    Adjustment: double(-0.5),
    Error: double(1.5),
    Height: double(1e-5),
    Vec: [double(0.25), double(-1)],
  }

  it('has our names', () => {
    expect(readAs(readCoordinate, { Coord, Ok: true })).toEqual({
      vec: [0.25, -1],
      height: 1e-5,
      adjustment: -0.5,
      error: 1.5,
    })
    expect(readAs(readCoordinate, last('get-coordinate'))).toMatchObject({
      vec: expect.arrayContaining([expect.any(Number)]),
    })
  })

  it('is null if the agent has none', () => {
    expect(readAs(readCoordinate, last('get-coordinate-unknown'))).toBeNull()
    expect(readAs(readCoordinate, { Coord, Ok: false })).toBeNull()
    expect(readAs(readCoordinate, { Coord: null, Ok: false })).toBeNull()
  })

  it('is none with text in it', () => {
    expect(readAs(readCoordinate, { Coord: { ...Coord, Vec: ['0.25'] }, Ok: true })).toBe(FAULT)
  })
})

describe('a line of the log', () => {
  it('is text', () => {
    expect(readAs(readLogLine, { Log: '[INFO] agent: ready' })).toBe('[INFO] agent: ready')
    expect(readAs(readLogLine, last('monitor'))).toMatch(/\[[A-Z]+\]/)
    expect(readAs(readLogLine, { Log: 5 })).toBe(FAULT)
  })
})
