import type { Observable } from 'rxjs'
import type { CommonMember, CommonMemberEvent, CommonQueryEvent, CommonUserEvent } from '../events/event'
import type { Payload } from '../payload'

/** What every event of a script has besides the event itself: the agent that runs the script, and its variables. */
export interface ScriptContext {
  /** The agent that started the script. */
  self: ScriptSelf
  /** The environment variables whose names begin with `SERF_`, unchanged. */
  environment: Record<string, string>
}

export interface ScriptSelf {
  name: string
  /** Its tag `role`; empty where it has none. */
  role: string
  /**
   * Its tags, with the names that the agent gives them in variables: upper-cased, and `_` for everything but letters,
   * digits and `_` (`role` becomes `ROLE`).
   */
  tags: Record<string, string>
}

/** A member as a script gets it. Unlike a member of a stream it has no port, no status and no versions. */
export interface ScriptMember extends CommonMember {
  /** Its tag `role`; empty where it has none. */
  role: string
  /**
   * Its tags. The agent writes them as `a=1,b=2` without quotes, so a value that contains `,name=` looks like two tags.
   */
  tags: Record<string, string>
  /** The line as the agent wrote it. */
  raw: string
}

/** What happened to one or more members. */
export interface ScriptMemberEvent extends CommonMemberEvent, ScriptContext {
  members: ScriptMember[]
}

/** An event that a person or a program has fired. */
export interface ScriptUserEvent extends CommonUserEvent, ScriptContext {
  /** A Lamport counter of user events, not a time; 0 when the script was started by hand without it. */
  ltime: number
  /**
   * The payload as it was sent, without a single newline at its end. The agent appends one to a payload that has none,
   * so the two cannot be told apart.
   */
  payload: Buffer
}

/** A question that waits for an answer. */
export interface ScriptQueryEvent extends CommonQueryEvent, ScriptContext {
  /** A Lamport counter of queries, not a time; 0 when the script was started by hand without it. */
  ltime: number
  /**
   * The payload as it was sent, without a single newline at its end. The agent appends one to a payload that has none,
   * so the two cannot be told apart.
   */
  payload: Buffer
  /**
   * Answers the query by writing to stdout, once per process. Cold: the answer is written at the subscription. Emits
   * `undefined` when all of it is written, and completes. Unsubscribing does not take it back. An empty answer counts
   * here, but to the agent no output is no answer. Everything else that the script prints, on stderr too, becomes part
   * of the answer. The agent silently drops an answer above its `query_response_size_limit` (default: 1024 bytes),
   * which a script cannot know.
   *
   * Errors with HandlerError: `ALREADY_ANSWERED`, `ANSWER_TOO_LARGE` (over 8192 bytes), `ANSWER_NOT_SENT`.
   * Source: serf cmd/serf/command/agent/invoke.go `invokeEventScript`, `maxBufSize`.
   */
  respond(payload?: Payload): Observable<void>
}

/** Every event for which a script can be started; `type` tells which. */
export type ScriptEvent = ScriptMemberEvent | ScriptUserEvent | ScriptQueryEvent
