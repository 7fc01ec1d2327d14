import type { Observable } from 'rxjs'
import type { CommonMember, CommonMemberEvent, CommonQueryEvent, CommonUserEvent } from '../events/event'
import type { Payload } from '../payload'

/** What every event of a script has in addition: the agent that started the script, and its variables. */
export interface ScriptContext {
  /** The agent that started the script. */
  self: ScriptSelf
  /** The environment variables whose names begin with `SERF_`, unchanged. */
  environment: Record<string, string>
}

/** The agent that started a script, as its variables describe it. */
export interface ScriptSelf {
  name: string
  /** Its tag `role`; empty if it has none. */
  role: string
  /**
   * Its tags, under the names that the agent uses in variables: in upper case, with `_` in place of
   * everything but letters, digits and `_` (`role` becomes `ROLE`).
   */
  tags: Record<string, string>
}

/** A member as a script gets it. Unlike a member of a stream it has no port, no status and no versions. */
export interface ScriptMember extends CommonMember {
  /** Its tag `role`; empty if it has none. */
  role: string
  /**
   * Its tags. The agent writes them as `a=1,b=2` without quotes, so a value that contains `,name=` looks like
   * two tags.
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
   * The payload as it was sent, without a single newline at its end. The agent appends one to a payload that
   * has none, so the two cannot be distinguished.
   */
  payload: Buffer
}

/** A question that waits for an answer. */
export interface ScriptQueryEvent extends CommonQueryEvent, ScriptContext {
  /** A Lamport counter of queries, not a time; 0 when the script was started by hand without it. */
  ltime: number
  /**
   * The payload as it was sent, without a single newline at its end. The agent appends one to a payload that
   * has none, so the two cannot be distinguished.
   */
  payload: Buffer
  /**
   * Answers the query by writing to stdout, once per process. Cold: the answer is written at the
   * subscription. Emits `undefined` when all of it is written, and completes. Unsubscribing does not take it
   * back. An empty answer uses up the one answer of the process, but the agent takes no output as no answer.
   * Everything else that the script prints, on stderr too, becomes part of the answer. The agent silently
   * drops an answer above its `query_response_size_limit` (default: 1024 bytes), which a script cannot know.
   *
   * Errors with HandlerError: `ALREADY_ANSWERED`, `ANSWER_TOO_LARGE` (over 8192 bytes), `ANSWER_NOT_SENT`.
   * Source: serf cmd/serf/command/agent/invoke.go `invokeEventScript`, `maxBufSize`.
   */
  respond(payload?: Payload): Observable<void>
}

/** Any event for which an agent starts a script. `type` distinguishes them. */
export type ScriptEvent = ScriptMemberEvent | ScriptUserEvent | ScriptQueryEvent
