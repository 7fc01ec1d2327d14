// Takes the screenshots of docs/images: npm run screenshots -w examples/dashboard
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { startDashboard } from '../server/dashboard'
import { startTestCluster } from '../server/demo/test-cluster'
import { launchBrowser } from './browser'
import { makeHistory } from './history'

const IMAGES = join(__dirname, '../../../docs/images')
const SIZES = [
  { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 },
  { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 },
] as const

async function main(): Promise<void> {
  const cluster = await startTestCluster()
  const dashboard = await startDashboard({
    agent: cluster.agent,
    listen: { host: '127.0.0.1', port: 0 },
    allow: ['query', 'event'],
    hosts: [],
  })
  const browser = await launchBrowser()
  try {
    console.log('Something has to happen first: a minute and a half.')
    await makeHistory(cluster.test)
    mkdirSync(IMAGES, { recursive: true })
    for (const { viewport, deviceScaleFactor } of SIZES) {
      for (const colorScheme of ['dark', 'light'] as const) {
        const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor })
        const page = await context.newPage()
        await page.goto(dashboard.url)
        await page.locator('.member[data-status=failed]').first().waitFor()
        if (viewport.width > 1000) await ask(page)
        await page.screenshot({ path: join(IMAGES, `dashboard-${viewport.width}-${colorScheme}.png`) })
        await context.close()
      }
    }
  } finally {
    await browser.close()
    await dashboard.close()
    await cluster.stop()
  }
}

/** A query that is under way. */
async function ask(page: Page): Promise<void> {
  await page.getByLabel('Query').fill('uptime')
  await page.getByRole('button', { name: 'Ask' }).click()
  await page.locator('[data-answer=given]').nth(2).waitFor()
  await page.locator('.log-line').first().waitFor()
  await delay(1_200)
}

void main()
