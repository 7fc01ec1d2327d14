import { html, type TemplateResult } from 'lit-html'
import { visible } from './visible'

/** Tags, in the order of their names. */
export function tagMarks(tags: Record<string, string>): TemplateResult[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, value]) =>
        html`<span class="tag"
          ><span class="tag-name">${visible(name)}</span> <bdi>${visible(value)}</bdi></span
        >`,
    )
}
