// Measures how smooth the page is with a large cluster that is busy: npm run measure -w examples/dashboard
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { TestAgent } from 'serfx/testing'
import { startDashboard } from '../server/dashboard'
import { launchBrowser } from './browser'

const MEMBERS = 2_000
const EVENTS_PER_SECOND = 200
const TICK = 50 // ms
const LENGTH = 10_000 // ms
const FAILURES = 20

/** The milliseconds between the frames of the page, measured for this many ms. */
const FRAMES = `new Promise((resolve) => {
  const frames = []
  let before = performance.now()
  const end = before + ${LENGTH}
  const frame = (now) => {
    frames.push(now - before)
    before = now
    if (now < end) requestAnimationFrame(frame)
    else resolve(frames.slice(1))
  }
  requestAnimationFrame(frame)
})`

async function main(): Promise<void> {
  const members = Array.from({ length: MEMBERS - 1 }, (_, index) => ({
    name: `node-${String(index + 1).padStart(4, '0')}`,
    tags: { role: index % 3 === 0 ? 'db' : 'web', zone: `zone-${index % 7}` },
  }))
  const agent = await TestAgent.start({ name: 'measured', members })
  const { host, port } = agent
  const listen = { host: '127.0.0.1', port: 0 }
  const dashboard = await startDashboard({ agent: { host, port }, listen, allow: [], hosts: [] })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
    await page.goto(dashboard.url)
    await page.locator('.tile.count[data-count="2000"]').waitFor()
    report('at rest', await page.evaluate<number[]>(FRAMES))
    const busy = new AbortController()
    const load = keepBusy(agent, busy.signal)
    report(`${MEMBERS} members, ${EVENTS_PER_SECOND} events a second`, await page.evaluate<number[]>(FRAMES))
    console.log(`failure to screen: ${percentiles(await failures(agent, page))} ms`)
    busy.abort()
    await load
  } finally {
    await browser.close()
    await dashboard.close()
    await agent.stop()
  }
}

/** Events at the rate, and a member that changes with every tick. */
async function keepBusy(agent: TestAgent, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    for (let count = 0; count < (EVENTS_PER_SECOND * TICK) / 1000; count++)
      agent.userEvent('load', `{"turn":${turn},"count":${count}}`, { coalesce: false })
    agent.update(`node-${String(1_000 + (turn % 900)).padStart(4, '0')}`, { role: 'web', turn: String(turn) })
    await delay(TICK)
  }
}

/** Milliseconds from each failure to its row. */
async function failures(agent: TestAgent, page: Page): Promise<number[]> {
  const taken: number[] = []
  for (let index = 1; index <= FAILURES; index++) {
    const name = `node-${String(index).padStart(4, '0')}`
    const shown = page
      .locator('.member[data-status=failed]', { hasText: name })
      .waitFor({ state: 'attached' })
    const start = performance.now()
    agent.fail(name)
    await shown
    taken.push(performance.now() - start)
    // So few that all are visible.
    agent.join({ name })
    await page.locator('.tile.count[data-status=failed][data-count="0"]').waitFor()
  }
  return taken
}

function report(what: string, frames: readonly number[]): void {
  const smooth = frames.filter((frame) => frame < 20).length / frames.length
  console.log(
    `${what}: ${frames.length} frames, ${(100 * smooth).toFixed(1)} % below 20 ms, ${percentiles(frames)} ms`,
  )
}

function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1)
  return `median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(1)}`
}

void main()
