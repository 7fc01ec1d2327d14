import { MAX_KEYS, MAX_NODES, MAX_STATS } from '../limits'
import type { Reader } from '../reader'
import { recordReader } from '../record'
import type { AgentStats, Coordinate, KeyReport } from '../replies'

const text = (reader: Reader) => reader.string()

/** Reads the body of `join`: how many nodes were contacted. */
export const readJoined = (() => {
  const read = recordReader<{ joined: number }>(() => ({ joined: 0 }), {
    Num: (reply, reader) => (reply.joined = reader.integer()),
  })
  return (reader: Reader): number => read(reader).joined
})()

/** Reads the body of the key commands, which is also sent with an error. */
export const readKeyReport = recordReader<KeyReport>(
  () => ({ keys: {}, messages: {}, numErr: 0, numNodes: 0, numResp: 0 }),
  {
    Keys: (report, reader) => (report.keys = reader.dictionary((entry) => entry.integer(), MAX_KEYS)),
    Messages: (report, reader) => (report.messages = reader.dictionary(text, MAX_NODES)),
    NumErr: (report, reader) => (report.numErr = reader.integer()),
    NumNodes: (report, reader) => (report.numNodes = reader.integer()),
    NumResp: (report, reader) => (report.numResp = reader.integer()),
  },
)

/** Reads the body of `stats`. */
export const readStats = recordReader<AgentStats>(
  () => ({ agent: { name: '' }, serf: {}, runtime: {}, tags: {}, event_handlers: {} }),
  {
    agent: (stats, reader) => (stats.agent = { name: '', ...reader.dictionary(text, MAX_STATS) }),
    serf: (stats, reader) => (stats.serf = reader.dictionary(text, MAX_STATS)),
    runtime: (stats, reader) => (stats.runtime = reader.dictionary(text, MAX_STATS)),
    tags: (stats, reader) => (stats.tags = reader.dictionary(text, MAX_STATS)),
    event_handlers: (stats, reader) => (stats.event_handlers = reader.dictionary(text, MAX_STATS)),
  },
)

const readCoordinateFields = recordReader<Coordinate>(
  () => ({ vec: [], height: 0, adjustment: 0, error: 0 }),
  {
    Vec: (coordinate, reader) => (coordinate.vec = reader.list((entry) => entry.float())),
    Height: (coordinate, reader) => (coordinate.height = reader.float()),
    Adjustment: (coordinate, reader) => (coordinate.adjustment = reader.float()),
    Error: (coordinate, reader) => (coordinate.error = reader.float()),
  },
)

/** Reads the body of `get-coordinate`. For an unknown node the agent sends zeros and `Ok: false`. */
export const readCoordinate = (() => {
  const read = recordReader<{ coordinate: Coordinate | null; known: boolean }>(
    () => ({ coordinate: null, known: false }),
    {
      Coord: (reply, reader) => (reply.coordinate = readCoordinateFields(reader)),
      Ok: (reply, reader) => (reply.known = reader.bool()),
    },
  )
  return (reader: Reader): Coordinate | null => {
    const { coordinate, known } = read(reader)
    return known ? coordinate : null
  }
})()

/** Reads a record of `monitor`: one log line. */
export const readLogLine = (() => {
  const read = recordReader<{ line: string }>(() => ({ line: '' }), {
    Log: (record, reader) => (record.line = reader.string()),
  })
  return (reader: Reader): string => read(reader).line
})()
