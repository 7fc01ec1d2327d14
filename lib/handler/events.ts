import { defer, type Observable } from 'rxjs'
import { knownOptions } from '../arguments'
import { answerOnce } from './answer'
import { readInvocation } from './invocation'
import type { ScriptEvent } from './script-event'
import { readProcessStdin, readSource, type StdinSource } from './stdin'
import { writeProcessStdout, writeStream } from './stdout'

/**
 * Where an event comes from and where the answer goes. The default of each is that of the process.
 */
export interface EventSources {
  /** The environment variables. Default: `process.env`. */
  env?: NodeJS.ProcessEnv | undefined
  /** What the agent writes to stdin: all of it, or a stream of it. Default: descriptor 0. */
  stdin?: StdinSource | undefined
  /** Takes the answer. Default: descriptor 1. */
  stdout?: NodeJS.WritableStream | undefined
}

const SOURCES = { env: true, stdin: true, stdout: true } as const

// A process has one stdout, however often `events()` is called.
const answerOnProcess = answerOnce(writeProcessStdout)

/**
 * Like {@link events$}, with sources of your own, for tests. Each call is one invocation, which can answer
 * once. Cold until the first subscription, which reads the sources; then replayed.
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
 * Emits the one event for which the agent started this process, and completes. Cold until the first
 * subscription, which reads stdin to its end; then replayed: all subscribers get the same event.
 * Unsubscribing stops listening, not the reading.
 *
 * Errors with HandlerError: `NO_EVENT` when no agent started the process, `UNKNOWN_EVENT`,
 * `INVALID_ENVIRONMENT`, `INVALID_MEMBER`, `STDIN_UNREADABLE`, `STDIN_TOO_LARGE` (over 32 MiB). An unhandled
 * error ends the process with status 1, so that the agent sends nothing of what it has written.
 * Source: serf cmd/serf/command/agent/invoke.go `invokeEventScript`.
 * @example
 * events$.pipe(ofQuery('upcase'), respond((event) => event.text.toUpperCase())).subscribe()
 */
export const events$: Observable<ScriptEvent> = events()
