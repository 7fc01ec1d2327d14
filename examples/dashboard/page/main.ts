import { BehaviorSubject, scan, shareReplay, startWith } from 'rxjs'
import { actionsPanel } from './panels/actions'
import { announcer } from './panels/announcer'
import { Details } from './panels/details'
import { eventsPanel } from './panels/events'
import { headerPanel } from './panels/header'
import { logPanel } from './panels/log'
import { membersPanel } from './panels/members'
import { openAnswer, openConnection, openEvent, openKeys, openLine, openMember } from './panels/open'
import { rateChart } from './panels/rate-chart'
import { roundTripsPanel } from './panels/round-trips'
import { summaryPanel } from './panels/summary'
import { keys, views } from './panels/views'
import { byId } from './parts/element'
import { applyTheme, nextTheme } from './parts/theme'
import { apply } from './state/apply'
import type { Filtering } from './state/member-table'
import { initialState } from './state/state'
import { updatesOf } from './state/stream'

const first = initialState(Date.now())
const state$ = updatesOf('stream').pipe(
  scan((state, message) => apply(state, message, Date.now()), first),
  startWith(first),
  shareReplay({ bufferSize: 1, refCount: false }),
)
let state = first
state$.subscribe((newest) => (state = newest))

const details = new Details()
const filtering$ = new BehaviorSubject<Filtering>({ text: '', status: undefined })
const eventsPaused$ = new BehaviorSubject(false)
const memberNamed = (name: string) => {
  const member = state.members.get(name)
  if (member) openMember(details, member, state.roundTrips.get(name))
}
const connection = () => openConnection(details, state)

applyTheme()
views()
headerPanel(state$, connection, () => openKeys(details))
summaryPanel(state$, filtering$)
membersPanel(state$, filtering$, memberNamed)
eventsPanel(state$, eventsPaused$, (event) => openEvent(details, event))
rateChart(state$)
roundTripsPanel(state$, memberNamed)
actionsPanel(state$, (answer) => openAnswer(details, answer))
logPanel(state$, (line) => openLine(details, line))
announcer(state$)
keys({
  '/': () => byId('members-filter').focus(),
  p: () => byId('events-pause').click(),
  c: connection,
  t: nextTheme,
  '?': () => openKeys(details),
})
