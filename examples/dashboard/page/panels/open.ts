import { html } from 'lit-html'
import type { ShownEvent, ShownMember } from '../../messages'
import { clockTime, duration, milliseconds } from '../parts/format'
import { payloadText } from '../parts/payload'
import { statusMark } from '../parts/status'
import { tagMarks } from '../parts/tags'
import { visible } from '../parts/visible'
import type { State } from '../state/state'
import type { Answer } from './answers'
import { type Details, facts } from './details'
import { connectionWord } from './header'

export function openMember(details: Details, member: ShownMember, roundTrip: number | undefined): void {
  const { name, addr, port, status, tags, protocolCur, protocolMin, protocolMax } = member
  details.show(
    visible(name),
    facts([
      ['Status', statusMark(status)],
      ['Address', html`<code>${visible(addr)}:${port}</code>`],
      ['Round trip', roundTrip === undefined ? 'not measured' : `${milliseconds(roundTrip)} ms`],
      ['Protocol', `${protocolCur} (${protocolMin} to ${protocolMax})`],
      ['Tags', Object.keys(tags).length > 0 ? html`<span class="tags">${tagMarks(tags)}</span>` : 'none'],
    ]),
  )
}

export function openEvent(details: Details, { type, names, at, ltime, payload }: ShownEvent): void {
  const isMember = type !== 'user' && type !== 'query'
  details.show(
    isMember ? type : visible(names[0] ?? ''),
    facts([
      ['Type', type],
      ['Received', clockTime(at)],
      ...(isMember
        ? [['Members', html`${names.map((name) => html`<div><bdi>${visible(name)}</bdi></div>`)}`] as const]
        : []),
      ...(ltime === undefined ? [] : [['ltime', String(ltime)] as const]),
      ...(payload
        ? [['Payload', html`<pre><bdi>${payloadText(payload) || '(empty)'}</bdi></pre>`] as const]
        : []),
    ]),
  )
}

export function openAnswer(details: Details, { name, acked, payload }: Answer): void {
  details.show(
    visible(name),
    facts([
      ['Acked', acked ? 'yes' : 'no'],
      ['Answer', payload ? html`<pre><bdi>${payloadText(payload) || '(empty)'}</bdi></pre>` : 'none'],
    ]),
  )
}

export function openLine(details: Details, line: string): void {
  details.show('Log line', html`<pre><bdi>${visible(line)}</bdi></pre>`)
}

export function openConnection(details: Details, state: State): void {
  const { connection, health, ahead, link, linkSince } = state
  const now = Date.now()
  const gaps = connection?.gaps ?? []
  details.show(
    'Connection',
    html`${facts([
        ['Agent', html`<code>${connection?.address ?? '?'}</code>`],
        ['Status', connectionWord(state)],
        [
          'Since',
          connection ? `${clockTime(connection.since)}, ${duration(now + ahead - connection.since)}` : '?',
        ],
        ...(connection?.error === undefined
          ? []
          : [['Error', html`<span class="problem">${visible(connection.error)}</span>`] as const]),
        ['Page', `${link} since ${clockTime(linkSince)}`],
        ...(health
          ? [
              [
                'Queues',
                `${health.eventQueue} events, ${health.intentQueue} intents, ${health.queryQueue} queries`,
              ] as const,
            ]
          : []),
        [
          `Gaps (${connection?.gapCount ?? 0})`,
          gaps.length === 0
            ? 'none'
            : html`${gaps.toReversed().map(({ at, reason }) => html`<div><time class="figure">${clockTime(at)}</time> ${reason}</div>`)}`,
        ],
      ])}
      <p class="faint">
        A gap is a place where events may have been missed. The members are read anew after each.
      </p>`,
  )
}

const KEYS = [
  ['/', 'filter the members'],
  ['m', 'members'],
  ['e', 'events'],
  ['r', 'round trips'],
  ['a', 'ask and fire'],
  ['l', 'log'],
  ['p', 'pause the events'],
  ['c', 'connection'],
  ['t', 'theme'],
  ['?', 'these keys'],
  ['↑ ↓ Enter', 'move in a list, open a row'],
] as const

export function openKeys(details: Details): void {
  details.show('Keys', facts(KEYS.map(([key, does]) => [key, does])))
}
