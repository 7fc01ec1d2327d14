import { html, render, type TemplateResult } from 'lit-html'
import { byId } from '../parts/element'

/** Shows what was opened, over the page, until it is closed. */
export class Details {
  readonly #dialog = document.createElement('dialog')

  constructor() {
    this.#dialog.className = 'details'
    this.#dialog.setAttribute('aria-labelledby', 'details-title')
    byId('details').append(this.#dialog)
    // A click beside it closes it.
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close()
    })
  }

  get open(): boolean {
    return this.#dialog.open
  }

  show(title: string, content: TemplateResult): void {
    render(
      html`<div class="details-body">
        <div class="details-head">
          <h2 id="details-title"><bdi>${title}</bdi></h2>
          <button type="button" class="quiet" @click=${() => this.#dialog.close()}>Close</button>
        </div>
        ${content}
      </div>`,
      this.#dialog,
    )
    if (!this.#dialog.open) this.#dialog.showModal()
  }
}

/** Names and their values. */
export function facts(pairs: readonly (readonly [string, TemplateResult | string])[]): TemplateResult {
  return html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}
