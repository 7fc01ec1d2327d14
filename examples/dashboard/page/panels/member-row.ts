import { html, nothing, type TemplateResult } from 'lit-html'
import { classMap } from 'lit-html/directives/class-map.js'
import type { ShownMember } from '../../messages'
import { barWidth } from '../parts/bar'
import { milliseconds } from '../parts/format'
import type { Place } from '../parts/list'
import { statusMark } from '../parts/status'
import { tagMarks } from '../parts/tags'
import { visible } from '../parts/visible'
import type { Column, Sorting } from '../state/member-table'

const COLUMNS: readonly (readonly [Column | undefined, string])[] = [
  ['name', 'Name'],
  ['addr', 'Address'],
  ['status', 'Status'],
  [undefined, 'Tags'],
  ['roundTrip', 'Round trip'],
]

export interface RowDetails {
  glows: boolean
  /** Milliseconds. */
  roundTrip: number | undefined
  /** The longest round trip of all. */
  longest: number
}

export function memberRow(member: ShownMember, place: Place, details: RowDetails): TemplateResult {
  const { name, addr, port, status, tags } = member
  const classes = classMap({ row: true, member: true, glow: details.glows, active: place.active })
  return html`<div
    id=${place.id}
    class=${classes}
    data-status=${status}
    role="row"
    aria-rowindex=${place.position + 1}
    .style=${place.style}
  >
    <span role="gridcell" class="name" title=${visible(name)}><bdi>${visible(name)}</bdi></span>
    <span role="gridcell" class="addr">${visible(addr)}:${port}</span>
    <span role="gridcell">${statusMark(status)}</span>
    <span role="gridcell" class="tags">${tagMarks(tags)}</span>
    <span role="gridcell" class="round-trip">${roundTrip(details)}</span>
  </div>`
}

function roundTrip({ roundTrip, longest }: RowDetails): TemplateResult {
  if (roundTrip === undefined) return html`<span class="faint">–</span>`
  const width = `width:${barWidth(roundTrip, longest)}%`
  return html`<span class="meter"><span .style=${width}></span></span>
    <span class="figure">${milliseconds(roundTrip)}<span class="unit"> ms</span></span>`
}

export function memberHeading(
  { column, descending }: Sorting,
  sort: (column: Column) => void,
): TemplateResult {
  const order = descending ? 'descending' : 'ascending'
  return html`<div class="row member heading" role="row" aria-rowindex="1">
    ${COLUMNS.map(([of, title]) =>
      of === undefined
        ? html`<span role="columnheader">${title}</span>`
        : html`<span
            role="columnheader"
            class=${of === 'roundTrip' ? 'round-trip' : ''}
            aria-sort=${of === column ? order : 'none'}
          >
            <button type="button" @click=${() => sort(of)}>
              ${title}${of === column ? html`<span aria-hidden="true">${descending ? '↓' : '↑'}</span>` : nothing}
            </button>
          </span>`,
    )}
  </div>`
}

/** The heading of a page that is too narrow for one. */
export function sortChoice(sorting: Sorting, choose: (sorting: Sorting) => void): TemplateResult {
  return html`<select
    class="sorting"
    aria-label="Sort members"
    @change=${({ currentTarget }: Event & { currentTarget: HTMLSelectElement }) => {
      const [column, descending] = currentTarget.value.split(' ')
      const chosen = COLUMNS.map(([of]) => of).find((of) => of === column)
      if (chosen) choose({ column: chosen, descending: descending !== undefined })
    }}
  >
    ${COLUMNS.flatMap(([of, title]) =>
      of === undefined
        ? []
        : [false, true].map(
            (descending) =>
              html`<option
                value=${descending ? `${of} descending` : of}
                ?selected=${of === sorting.column && descending === sorting.descending}
              >
                ${title} ${descending ? '↓' : '↑'}
              </option>`,
          ),
    )}
  </select>`
}
