import type { Observable } from 'rxjs'
import type { CommonMember, CommonMemberEvent, CommonQueryEvent, CommonUserEvent } from '../events/event'
import type { Payload } from '../payload'

/** What every event of a script knows besides the event: which agent runs the script, and its variables. */
export interface ScriptContext {
  /** The agent that started the script. */
  self: ScriptSelf
  /** The variables of the process whose names begin with `SERF_`, as they are. */
  environment: Record<string, string>
}

export interface ScriptSelf {
  name: string
  /** Its tag `role`; empty where it has none. */
  role: string
  /** Its tags, named as the agent passes them on: upper-cased, with `_` for all but letters, digits and `_` (`role` is `ROLE`). */
  tags: Record<string, string>
}

/** A member as a script is told of it: less than a stream tells, namely neither port nor status nor versions. */
export interface ScriptMember extends CommonMember {
  /** Its tag `role`; empty where it has none. */
  role: string
  /** Its tags. The agent writes them as `a=1,b=2` without quotes: a value with `,name=` in it looks like two tags. */
  tags: Record<string, string>
  /** The line as the agent wrote it. */
  raw: string
}

/** What happened to one or more members. */
export interface ScriptMemberEvent extends CommonMemberEvent, ScriptContext {
  members: ScriptMember[]
}

/** An event that somebody fired by hand or by program. */
export interface ScriptUserEvent extends CommonUserEvent, ScriptContext {
  /** A Lamport counter of user events, not a time; 0 where the script was started by hand without it. */
  ltime: number
  /** As sent, less a single newline at its end: the agent appends one to a payload that has none, so they cannot be told apart. */
  payload: Buffer
}

/** A question that waits for an answer. */
export interface ScriptQueryEvent extends CommonQueryEvent, ScriptContext {
  /** A Lamport counter of queries, not a time; 0 where the script was started by hand without it. */
  ltime: number
  /** As sent, less a single newline at its end: the agent appends one to a payload that has none, so they cannot be told apart. */
  payload: Buffer
  /**
   * Answers the query: writes to stdout, once per process. Cold: written at subscribe; emits `undefined` once all of it is
   * written, and completes. An empty answer counts, but the agent takes no output for no answer. What else the script
   * prints, on stderr too, becomes part of the answer. Over `query_response_size_limit` (1024 bytes unless set) the agent
   * drops the answer without a word, and a script cannot know that limit.
   * Errors: HandlerError, `ALREADY_ANSWERED`, `ANSWER_TOO_LARGE` (over 8192 bytes), `ANSWER_NOT_SENT`.
   * Source: serf cmd/serf/command/agent/invoke.go `invokeEventScript`, `maxBufSize`.
   */
  respond(payload?: Payload): Observable<void>
}

/** Everything that a script can be started for, told apart by `type`. */
export type ScriptEvent = ScriptMemberEvent | ScriptUserEvent | ScriptQueryEvent
