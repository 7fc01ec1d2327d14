import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** A page of the dashboard, with all that a browser complains about. */
export class OpenedPage {
  readonly problems: string[] = []
  readonly foreignRequests: string[] = []

  private constructor(readonly page: Page) {}

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    const opened = new OpenedPage(page)
    page.on('pageerror', ({ message }) => opened.problems.push(message))
    page.on('console', (message) => {
      // What the browser itself says of a lost connection is no fault of the page.
      const lost = message.text().includes('net::ERR_')
      if (message.type() === 'error' && !lost) opened.problems.push(message.text())
    })
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(url).origin) opened.foreignRequests.push(request.url())
    })
    await page.goto(url)
    return opened
  }

  /** The row of a member, by its name as it is shown. */
  member(name: string) {
    return this.page.locator('#members-list .row', { has: this.page.getByText(name, { exact: true }) })
  }

  /** Waits until the member is shown with this status. */
  async shows(name: string, status: string): Promise<void> {
    await this.member(name)
      .and(this.page.locator(`[data-status=${status}]`))
      .waitFor()
  }

  async connectionIs(word: string): Promise<void> {
    await this.page.locator(`#connection[data-word="${word}"]`).waitFor()
  }

  async close(): Promise<void> {
    await this.page.context().close()
    expect(this.problems).toEqual([])
    expect(this.foreignRequests).toEqual([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close()
  }
}
