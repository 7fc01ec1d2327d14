import type { Browser } from 'playwright-core'
import { createClient, ofQuery, respond } from 'serfx'
import { type Dashboard, startDashboard } from '../../examples/dashboard/server/dashboard'
import { launchBrowser } from '../../examples/dashboard/tools/browser'
import { SerfAgent } from '../support/agents/serf-agent'
import { startCluster } from '../support/agents/serf-cluster'
import { serf } from '../support/agents/serf-command'
import { OpenedPage } from './opened-page'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const dashboardOf = ({ host, port }: { host: string; port: number }, listenPort = 0): Promise<Dashboard> =>
  startDashboard({
    agent: { host, port },
    listen: { host: '127.0.0.1', port: listenPort },
    allow: ['query', 'event'],
    hosts: [],
  })

describe('the page, on real agents', () => {
  it('shows a member that joins, and that it fails', async () => {
    await using first = await SerfAgent.start({ name: 'first' })
    const dashboard = await dashboardOf(first)
    const opened = await OpenedPage.open(browser, dashboard.url)
    await opened.shows('first', 'alive')

    const second = await SerfAgent.start({ name: 'second', tags: { role: 'db' } })
    await serf(first, 'join', second.gossip)
    await opened.shows('second', 'alive')
    expect(await opened.member('second').innerText()).toMatch(/role\s*db/)
    await opened.page.locator('.event[data-type=member-join]', { hasText: 'second' }).waitFor()

    await second.stop()
    await opened.shows('second', 'failed')
    expect(await opened.page.locator('#members-list .rows .row').first().innerText()).toContain('second')
    expect(await opened.page.title()).toBe('1 failed · first')
    await opened.page.locator('#announcer', { hasText: 'second failed' }).waitFor({ state: 'attached' })

    await opened.close()
    await dashboard.close()
  })

  it('asks a query to its end while one node is silent', async () => {
    const agents = await startCluster({ name: 'a' }, { name: 'b' }, { name: 'mute' })
    const [first, second] = agents
    if (!first || !second) throw new Error('no agents')
    const clients = [first, second].map(({ host, port }) => createClient({ host, port }))
    const answering = clients.map(({ stream }, index) =>
      stream('query:load')
        .pipe(
          ofQuery('load'),
          respond(({ text }) => `${text} ${index}`),
        )
        .subscribe(),
    )
    const dashboard = await dashboardOf(first)
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    await opened.connectionIs('ready')
    // A reply shows that the stream before it was accepted.
    for (const { stats } of clients) await new Promise((resolve) => stats().subscribe(resolve))

    await page.getByLabel('Query').fill('load')
    await page.getByLabel('Payload').fill('<b>now</b>')
    await page.getByLabel('Seconds').fill('2')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.locator('[data-answer=given]').nth(1).waitFor()
    expect(await page.locator('.missing').innerText()).toBe('Missing: mute')
    await page.locator('.progress[data-done=true]').waitFor()
    expect(await page.locator('.progress-line').innerText()).toMatch(
      /2\s*of\s*3\s*answered\s*3 acks\s*1 missing\s*done/,
    )
    expect(await page.locator('[data-answer=missing]').allInnerTexts()).toEqual([
      expect.stringMatching(/mute\s+acked, no answer/),
    ])
    expect(await page.locator('[data-answer=given] .payload').allInnerTexts()).toEqual(
      expect.arrayContaining(['<b>now</b> 0', '<b>now</b> 1']),
    )

    await opened.close()
    await dashboard.close()
    for (const subscription of answering) subscription.unsubscribe()
    for (const client of clients) client.close()
    await Promise.all(agents.map((agent) => agent.stop()))
  })

  it('outlives a restart of the agent, and of its server', async () => {
    const agent = await SerfAgent.start({ name: 'phoenix' })
    const { port, gossip } = agent
    let dashboard = await dashboardOf(agent)
    const opened = await OpenedPage.open(browser, dashboard.url)
    const { page } = opened
    await opened.shows('phoenix', 'alive')

    await agent.stop()
    await opened.connectionIs('reconnecting')
    expect(await page.title()).toBe('reconnecting · phoenix')
    await opened.shows('phoenix', 'alive')
    await using again = await SerfAgent.start({
      name: 'phoenix',
      port,
      bindPort: Number(gossip.split(':')[1]),
    })
    await opened.connectionIs('ready')
    await page.locator('#connection', { hasText: '1 gap' }).waitFor()
    await serf(again, 'event', '-coalesce=false', 'after', 'restart')
    await page.locator('.event[data-type=user]', { hasText: 'after restart' }).waitFor()
    await page.locator('.log-line', { hasText: 'after' }).first().waitFor()

    const listenPort = Number(new URL(dashboard.url).port)
    await dashboard.close()
    await opened.connectionIs('dashboard lost')
    dashboard = await dashboardOf(again, listenPort)
    await opened.connectionIs('ready')
    await serf(again, 'event', '-coalesce=false', 'later')
    await page.locator('.event[data-type=user]', { hasText: 'later' }).waitFor()

    await opened.close()
    await dashboard.close()
  })
})
