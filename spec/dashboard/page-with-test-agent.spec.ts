import { readFileSync } from 'node:fs'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { TestAgent } from 'serfx/testing'
import type { Action } from '../../examples/dashboard/messages'
import { type Dashboard, startDashboard } from '../../examples/dashboard/server/dashboard'
import { launchBrowser } from '../../examples/dashboard/tools/browser'
import { OpenedPage } from './opened-page'

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** Wider than the window where something sticks out. */
const PAGE_WIDTH = 'document.documentElement.scrollWidth'

const BAR_WIDTHS =
  "[...document.querySelectorAll('.trip .bar > span')].map((bar) => bar.getBoundingClientRect().width)"

let browser: Browser
let agent: TestAgent
let dashboard: Dashboard

async function start(options: Parameters<typeof TestAgent.start>[0], ...allow: Action[]): Promise<void> {
  agent = await TestAgent.start(options)
  const { host, port } = agent
  dashboard = await startDashboard({
    agent: { host, port },
    listen: { host: '127.0.0.1', port: 0 },
    allow,
    hosts: [],
  })
}

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  await dashboard.close()
  await agent.stop()
})

const MEMBERS = [
  { name: 'web-1', tags: { role: 'web', zone: 'eu' } },
  { name: 'web-2', tags: { role: 'web', zone: 'us' } },
  { name: 'db-1', tags: { role: 'db' } },
]

const names = (page: Page) => page.locator('#members-list .rows .name').allInnerTexts()

describe('the page', () => {
  it('shows hostile names, tags and payloads as text', async () => {
    const image = '<img src=x onerror="document.title=1">'
    const long = 'n'.repeat(300)
    await start({
      name: 'calm',
      members: [
        { name: image, tags: { '<b>role': '</span><script>document.title=2</script>' } },
        { name: 'right\u202eeman-to-left', tags: {} },
        { name: long, tags: { role: long } },
        { name: 'lines\n\t\0end', tags: {} },
      ],
    })
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    await opened.shows('calm', 'alive')
    expect((await names(page)).sort()).toEqual(
      [image, 'calm', 'lines⟨000a⟩⟨0009⟩⟨0000⟩end', long, 'right⟨202e⟩eman-to-left'].sort(),
    )
    agent.fail(image)
    agent.userEvent('<i>u</i>', '<svg onload=document.title=3>\u2066', { coalesce: false })
    agent.userEvent('bytes', Uint8Array.of(0, 0xff), { coalesce: false })
    agent.log('<u>line</u>\u0007', 'warn')
    await page.locator('.event .payload', { hasText: '<svg onload=document.title=3>⟨2066⟩' }).waitFor()
    await page.locator('.event .payload', { hasText: '0x 00 ff' }).waitFor()
    await page.locator('.log-line .payload', { hasText: '<u>line</u>⟨0007⟩' }).waitFor()
    await opened.shows(image, 'failed')
    await opened.member(image).click()
    expect(await page.getByRole('dialog').innerText()).toContain('</span><script>document.title=2</script>')

    expect(await page.locator('main img, main script, main svg, main i, dialog script').count()).toBe(0)
    expect(await page.title()).toBe('1 failed · calm')
    expect(await page.evaluate(PAGE_WIDTH)).toBe(1280)
    await opened.close()
  })

  it('shows the same in two tabs, from one client', async () => {
    await start({ name: 'calm', members: MEMBERS }, 'event')
    const [one, two] = [
      await OpenedPage.open(browser, dashboard.url),
      await OpenedPage.open(browser, dashboard.url),
    ]
    for (const opened of [one, two]) await opened.shows('db-1', 'alive')
    const connections = agent.connections
    const three = await OpenedPage.open(browser, dashboard.url)
    await three.shows('db-1', 'alive')
    expect(agent.connections).toBe(connections)
    await three.close()

    await one.page.getByRole('tab', { name: 'Fire' }).click()
    await one.page.getByLabel('User event').fill('deploy')
    await one.page.getByLabel('Payload').fill('v2')
    await one.page.getByRole('button', { name: 'Fire' }).click()
    await one.page.getByText(/^Fired deploy at/).waitFor()
    agent.fail('db-1')
    for (const opened of [one, two]) {
      await opened.shows('db-1', 'failed')
      await opened.page.locator('.event[data-type=user]', { hasText: 'deploy v2' }).waitFor()
      await opened.close()
    }
  })

  it('sends nothing that was not allowed', async () => {
    await start({ name: 'calm' }, 'event')
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    await page.getByText('Start it with --allow query').waitFor()
    expect(await page.getByRole('button', { name: 'Ask', exact: true }).count()).toBe(0)
    const sent: string[] = []
    agent.requests$.subscribe(({ command }) => sent.push(command))
    const refused = await page.evaluate(async () => {
      const query = { tab: '', id: 1, name: 'q', payload: '', filterNodes: [], filterTags: {}, timeout: 1000 }
      const { status } = await fetch('/query', { method: 'POST', body: JSON.stringify(query) })
      return status
    })
    expect(refused).toBe(403)
    expect(sent).not.toContain('query')
    expect(opened.problems.splice(0)).toEqual([expect.stringContaining('403')])
    await opened.close()
  })

  it('keeps the answers of a query when its server is gone, and tells of one that had not ended', async () => {
    await start({ name: 'calm', members: MEMBERS }, 'query')
    agent.onQuery('uptime', ({ node }) => (node === 'db-1' ? undefined : `${node} is up`))
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    await opened.connectionIs('ready')
    const restart = async () => {
      await dashboard.close()
      await opened.connectionIs('dashboard lost')
      const { host, port } = agent
      const listen = { host: '127.0.0.1', port: Number(new URL(dashboard.url).port) }
      dashboard = await startDashboard({ agent: { host, port }, listen, allow: ['query'], hosts: [] })
      await opened.connectionIs('ready')
    }
    const ask = page.getByRole('button', { name: 'Ask', exact: true })
    await page.getByLabel('Query').fill('uptime')
    await page.getByLabel('Seconds').fill('1')
    await ask.click()
    await page.locator('.progress[data-done=true]').waitFor()
    await restart()
    expect(await page.locator('#ask-progress').innerText()).toMatch(/3\s*of\s*4\s*answered/)
    expect(await page.locator('[data-answer=given]').count()).toBe(3)

    await page.getByLabel('Seconds').fill('600')
    await ask.click()
    await page.locator('[data-answer=awaited]', { hasText: 'db-1' }).waitFor()
    await restart()
    await page.getByText('lost before the query had ended').waitFor()
    await page.locator('[data-answer=missing]', { hasText: 'db-1' }).waitFor()
    await opened.close()
  })

  it('sorts members on a narrow page', async () => {
    await start({ name: 'calm', members: MEMBERS })
    const viewport = { width: 390, height: 844 }
    const opened = await OpenedPage.open(browser, dashboard.url, { viewport })
    const { page } = opened
    await opened.shows('db-1', 'alive')
    await page.getByLabel('Sort members').selectOption('Name ↓')
    await page.locator('#members-list .rows .row:first-child', { hasText: 'web-2' }).waitFor()
    expect(await names(page)).toEqual(['web-2', 'web-1', 'db-1', 'calm'])
    await opened.close()
  })

  it('filters, sorts and opens members by keyboard', async () => {
    await start({ name: 'calm', members: MEMBERS })
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    await opened.shows('db-1', 'alive')
    expect(await names(page)).toEqual(['calm', 'db-1', 'web-1', 'web-2'])

    await page.keyboard.press('/')
    await page.keyboard.type('role=web us')
    await page.locator('#members-none:has-text("No member matches")').waitFor()
    await page.locator('#members-filter').fill('zone=us')
    await opened.member('web-2').waitFor()
    expect(await names(page)).toEqual(['web-2'])
    await page.locator('#members-filter').fill('')
    await opened.shows('web-1', 'alive')

    agent.fail('web-2')
    await opened.shows('web-2', 'failed')
    expect(await names(page)).toEqual(['web-2', 'calm', 'db-1', 'web-1'])
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click()
    await page.locator('[aria-sort=ascending]', { hasText: 'Name' }).waitFor()
    expect(await names(page)).toEqual(['calm', 'db-1', 'web-1', 'web-2'])

    await page.locator('#members-list').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('dialog').innerText()).toMatch(/^db-1/)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('e')
    expect(await page.evaluate('document.activeElement.id')).toBe('events-list')
    await page.keyboard.press('p')
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    agent.userEvent('unseen', '', { coalesce: false })
    await page.getByRole('button', { name: 'Resume +1' }).waitFor()
    expect(await page.locator('.event', { hasText: 'unseen' }).count()).toBe(0)
    await page.keyboard.press('p')
    await page.locator('.event', { hasText: 'unseen' }).waitFor()
    await opened.close()
  })

  it('filters events by type and follows the log from the chosen level', async () => {
    await start({ name: 'calm', members: MEMBERS })
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    await opened.shows('db-1', 'alive')
    agent.userEvent('deploy', 'v2', { coalesce: false })
    agent.fail('db-1')
    await page.locator('.event[data-kind=user]', { hasText: /deploy.*v2.*ltime 1/s }).waitFor()
    await page.locator('.event[data-type=member-failed]', { hasText: 'db-1' }).waitFor()
    await page.getByRole('group', { name: 'Types' }).getByRole('button', { name: 'member' }).click()
    await page.locator('.event[data-kind=member]').waitFor({ state: 'detached' })
    expect(await page.locator('.event[data-kind=user]').count()).toBe(1)
    await page.locator('#events-chart canvas').waitFor()

    const line = (text: string) => page.locator('.log-line', { hasText: text })
    await page.getByLabel('Level of the log').selectOption('warn')
    await page.locator('.log-line[data-level=info]').first().waitFor({ state: 'detached' })
    agent.log('agent: too quiet', 'info')
    agent.log('agent: loud', 'warn')
    await line('agent: loud').waitFor()
    expect(await line('agent: too quiet').count()).toBe(0)
    agent.log('agent: other', 'err')
    await line('agent: other').waitFor()
    await page.getByLabel('Filter the log').fill('LOUD')
    await line('agent: other').waitFor({ state: 'detached' })
    await line('agent: loud').waitFor()
    await page.getByLabel('Level of the log').selectOption('off')
    await page.getByText('Choose a level to follow the log').waitFor()
    await opened.close()
  })

  it('shows round trips, nearest first, and what has just changed', async () => {
    await start({ name: 'calm', members: MEMBERS })
    const place = (name: string, ms: number) =>
      agent.place(name, { vec: [ms / 1000, 0, 0, 0, 0, 0, 0, 0], height: 0, adjustment: 0, error: 0 })
    for (const [index, name] of ['calm', 'web-1', 'db-1', 'web-2'].entries()) place(name, 10 * index)
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    const trips = page.locator('.trip')
    await trips.nth(3).waitFor()
    expect(await trips.locator('.name').allInnerTexts()).toEqual(['calm', 'web-1', 'db-1', 'web-2'])
    const widths = await page.evaluate<number[]>(BAR_WIDTHS)
    expect(widths).toEqual([...widths].sort((a, b) => a - b))
    expect(new Set(widths).size).toBe(4)

    agent.update('web-1', { role: 'web', version: '2' })
    await opened.member('web-1').and(page.locator('.glow')).waitFor()
    expect(await opened.member('web-1').innerText()).toMatch(/version\s*2/)
    await opened.close()
  })

  it.each([
    ['dark', 1280],
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
  ] as const)(
    'has no serious fault of access, %s at %i pixels',
    async (colorScheme, width) => {
      await start({ name: 'calm', members: MEMBERS }, 'query', 'event')
      for (const name of ['web-1', 'web-2', 'db-1'])
        agent.place(name, { vec: [0.001, 0, 0, 0, 0, 0, 0, 0], height: 0, adjustment: 0, error: 0 })
      const opened = await OpenedPage.open(browser, dashboard.url, {
        colorScheme,
        viewport: { width, height: 844 },
        reducedMotion: 'reduce',
        bypassCSP: true,
      })
      const { page } = opened
      await opened.shows('db-1', 'alive')
      agent.fail('db-1')
      agent.userEvent('deploy', 'v2', { coalesce: false })
      await opened.shows('db-1', 'failed')
      const views = width < 760 ? ['Members', 'Events', 'Trips', 'Ask', 'Log'] : ['']
      await page.evaluate(AXE)
      for (const view of views) {
        if (view !== '') await page.locator('#views').getByRole('button', { name: view }).click()
        expect(await seriousFaults(page)).toEqual([])
      }
      await page.locator('#connection').click()
      await page.getByRole('dialog').waitFor()
      expect(await seriousFaults(page)).toEqual([])
      expect(await page.evaluate(PAGE_WIDTH)).toBe(width)
      await opened.close()
    },
    120_000,
  )
})

async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    )
}
