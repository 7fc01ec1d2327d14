import { html, type TemplateResult } from 'lit-html'
import type { MemberStatus } from '../../messages'

/** In the order in which an operator wants to see them. */
export const STATUSES: readonly MemberStatus[] = ['failed', 'leaving', 'alive', 'none', 'left']

/** A status by colour and word. */
export function statusMark(status: MemberStatus): TemplateResult {
  return html`<span class="status" data-status=${status}>${status}</span>`
}
