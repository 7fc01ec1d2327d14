import { defer, type Observable } from 'rxjs'
import { knownOptions } from '../arguments'
import { answerOnce } from './answer'
import { readInvocation } from './invocation'
import type { ScriptEvent } from './script-event'
import { readProcessStdin, readSource, type StdinSource } from './stdin'
import { writeProcessStdout, writeStream } from './stdout'

/** Where an event comes from and its answer goes; the process itself for each that is not given. */
export interface EventSources {
  /** The variables. Default: `process.env`. */
  env?: NodeJS.ProcessEnv
  /** The data: all of it, or a stream of it. Default: the descriptor 0. */
  stdin?: StdinSource
  /** Takes the answer. Default: the descriptor 1. */
  stdout?: NodeJS.WritableStream
}

const SOURCES = { env: true, stdin: true, stdout: true } as const

// One process has one stdout, however often `events()` is called.
const answerOnProcess = answerOnce(writeProcessStdout)

/**
 * {@link events$} with its sources given, for tests. Each call is one invocation, which can answer once; its sources are
 * read at the first subscribe.
 * @throws TypeError for a source that does not exist.
 * @example
 * const env = { SERF_EVENT: 'query', SERF_QUERY_NAME: 'upcase' }
 * events({ env, stdin: 'foo', stdout: new PassThrough() }).subscribe((event) => console.error(event))
 */
export function events(sources: EventSources = {}): Observable<ScriptEvent> {
  const { env = process.env, stdin, stdout } = knownOptions(sources, SOURCES, 'the sources of events')
  let event: Promise<ScriptEvent> | undefined
  return defer(
    () =>
      (event ??= readInvocation({
        env,
        stdin: stdin === undefined ? readProcessStdin : () => readSource(stdin),
        answer: stdout ? answerOnce((bytes) => writeStream(stdout, bytes)) : answerOnProcess,
      })),
  )
}

/**
 * The one event that the agent started this process for. Read at the first subscribe, which waits for the end of stdin;
 * all subscribers get the same event, and then completion. Unsubscribing only stops listening.
 * Errors: HandlerError, `NO_EVENT` outside of an agent, `UNKNOWN_EVENT`, `INVALID_ENVIRONMENT`, `INVALID_MEMBER`,
 * `STDIN_UNREADABLE`, `STDIN_TOO_LARGE` (over 32 MiB). An error that nobody handles ends the process with status 1, and
 * the agent sends nothing of what it wrote.
 * Source: serf cmd/serf/command/agent/invoke.go `invokeEventScript`.
 * @example
 * events$.pipe(ofQuery('upcase'), respond((event) => event.text.toUpperCase())).subscribe()
 */
export const events$: Observable<ScriptEvent> = events()
