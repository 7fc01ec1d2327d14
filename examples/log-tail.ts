// Merges the logs of several agents, coloured by level.
//
//   npx tsx examples/log-tail.ts 10.0.0.1:7373 10.0.0.2:7373
//   npx tsx examples/log-tail.ts --level warn --match 'memberlist|snapshot' 10.0.0.1:7373
//
// Without addresses: $SERF_RPC_ADDR. It follows an agent again after a restart.
import { parseArgs, styleText } from 'node:util'
import { createClient, type LogLevel } from 'serfx'
import { catchError, defer, EMPTY, filter, map, merge, mergeMap, type Observable } from 'rxjs'
import { failed } from './terminal/failed'
import { printable } from './terminal/printable'

interface LogLine {
  agent: string
  level: LogLevel
  text: string
}

const COLOURS = { trace: 'gray', debug: 'gray', info: 'green', warn: 'yellow', err: 'red' } as const

const isLevel = (word: string): word is LogLevel => Object.hasOwn(COLOURS, word)

/** The level is in brackets: `2026/11/24 03:09:49 [WARN] agent.ipc: ...`. */
function levelOf(text: string): LogLevel {
  const word = /\[([A-Z]+)\]/.exec(text)?.[1]?.toLowerCase() ?? ''
  return isLevel(word) ? word : 'info'
}

function tail(address: string | undefined, level: LogLevel): Observable<LogLine> {
  const { monitor, stats } = createClient(address === undefined ? {} : { addresses: [address] })
  return stats().pipe(
    mergeMap(({ agent }) =>
      monitor(level).pipe(map((text) => ({ agent: agent.name, level: levelOf(text), text }))),
    ),
    // One agent that cannot be reached does not end the others.
    catchError((error: unknown) => {
      failed(error)
      return EMPTY
    }),
  )
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    level: { type: 'string', default: 'info' },
    match: { type: 'string', default: '' },
    colour: { type: 'boolean', default: process.stdout.isTTY },
  },
})

function coloured({ agent, level, text }: LogLine): string {
  const line = `${printable(agent)} ${printable(text)}`
  return values.colour ? styleText(COLOURS[level], line, { validateStream: false }) : line
}

const { level } = values
if (isLevel(level)) {
  const agents = positionals.length > 0 ? positionals : [undefined]
  // Inside defer, a pattern or an address that is none is an error like any other.
  defer(() => {
    const pattern = new RegExp(values.match)
    return merge(...agents.map((address) => tail(address, level))).pipe(
      filter(({ text }) => pattern.test(text)),
      map(coloured),
    )
  }).subscribe({ next: (line) => console.log(line), error: failed })
} else {
  failed(`--level is one of ${Object.keys(COLOURS).join(', ')}`)
}
