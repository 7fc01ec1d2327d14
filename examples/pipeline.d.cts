import type { Observable } from 'rxjs'
import type { ofQuery, respond, RespondOptions, ScriptEvent, ScriptQueryEvent } from 'serfx/handler'

/** What a query of a script and one of a stream have in common. */
type AnyQuery = Pick<ScriptQueryEvent, 'type' | 'name' | 'payload' | 'text' | 'respond'>
type AnyEvent = AnyQuery | { type: Exclude<ScriptEvent['type'], 'query'>; name?: string }

/** Answers the queries `upcase` and `reverse`, and passes them on. The options are those of `respond`. */
export declare const pipeline: (
  operators: { ofQuery: typeof ofQuery; respond: typeof respond },
  options?: RespondOptions<AnyQuery>,
) => (events: Observable<AnyEvent>) => Observable<AnyQuery>
