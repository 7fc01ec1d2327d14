import type { AskUpdate, LogUpdate, Update } from '../../messages'
import type { Link } from './stream'
import type { AskState, LogState, State } from './state'

/** How much history the page keeps. */
const KEPT_EVENTS = 2_000
const KEPT_LINES = 2_000
const KEPT_SECONDS = 300
/** How long a change is highlighted, in ms. */
export const GLOW = 2_500

/** The state after this message. What the message does not mention stays the same object. */
export function apply(state: State, message: Update | Link, now: number): State {
  if ('link' in message) return { ...state, link: message.link, linkSince: now }
  const { connection, health, members, roundTrips, events, rates, fresh, log, ask } = message
  return {
    ...state,
    ahead: message.now - now,
    ...(fresh && { tab: fresh.tab, allow: fresh.allow, ask: askAfterLoss(state, fresh.tab) }),
    ...(connection && { connection }),
    ...(health && { health }),
    ...(members && applyMembers(state, members, fresh !== undefined, now)),
    ...(roundTrips && { roundTrips: new Map(Object.entries(roundTrips)) }),
    ...(events && { events: newestFirst(events, fresh ? [] : state.events, KEPT_EVENTS) }),
    ...(rates && { rates: [...(fresh ? [] : state.rates), ...rates].slice(-KEPT_SECONDS) }),
    ...(log && { log: applyLog(state.log, log) }),
    ...(ask && { ask: applyAsk(fresh ? undefined : state.ask, ask) }),
  }
}

function applyMembers(
  state: State,
  { put, removed }: NonNullable<Update['members']>,
  fresh: boolean,
  now: number,
): Pick<State, 'members' | 'changed'> {
  const members = new Map(fresh ? [] : state.members)
  for (const name of removed) members.delete(name)
  for (const member of put) members.set(member.name, member)
  if (fresh) return { members, changed: new Map() }
  const changed = new Map([...state.changed].filter(([, at]) => now - at < GLOW))
  for (const { name } of put) changed.set(name, now)
  return { members, changed }
}

function applyLog(before: LogState, { level, lines, fresh, error }: LogUpdate): LogState {
  const [newest] = before.lines
  const first = (newest?.id ?? 0) + 1
  const entries = lines.map((line, index) => ({ id: first + index, line }))
  return { level, lines: newestFirst(entries, fresh ? [] : before.lines, KEPT_LINES), error }
}

/** The server has forgotten the query of a stream that was lost. What it had told by then stays. */
function askAfterLoss({ ask, tab }: State, newTab: string): AskState | undefined {
  if (tab === newTab) return undefined
  if (ask === undefined || ask.done || ask.error !== undefined) return ask
  return { ...ask, error: 'The dashboard was lost before the query had ended: ask again.' }
}

function applyAsk(before: AskState | undefined, update: AskUpdate): AskState {
  const known = before?.id === update.id ? before : undefined
  return {
    id: update.id,
    asked: update.asked ?? known?.asked ?? [],
    acks: new Set([...(known?.acks ?? []), ...update.acks]),
    responses: [...(known?.responses ?? []), ...update.responses],
    done: update.done ?? false,
    error: update.error,
  }
}

function newestFirst<T>(added: readonly T[], before: readonly T[], most: number): T[] {
  return [...added.toReversed(), ...before.slice(0, Math.max(0, most - added.length))].slice(0, most)
}
