import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from 'playwright-core'
import { cookieOf, type Visitor } from '../users.fixture.ts'
import type { OperatorFigures, PaintFigures } from './console-figures.ts'
import { percentile, slope } from './statistics.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']

/** An operator's browser. */
export interface OperatorBrowser {
  /** How soon pages show something. */
  paint(times: number): Promise<PaintFigures>
  /** Works with the console until told to stop: goes from page to page, sorts, filters, chooses. @returns what tells it */
  work(): Promise<() => Promise<OperatorFigures>>
  close(): Promise<void>
}

/** @param emptyPath  of a page of Dashboard with nothing on it */
export async function openOperatorBrowser(url: string, emptyPath: string, visitor: Visitor): Promise<OperatorBrowser> {
  const browser = await chromium.launch({ executablePath, args })
  try {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
    await context.addCookies([{ ...cookieOf(await visitor.token()), url }])
    return {
      async paint(times) {
        const [empty, overview]: number[][] = [[], []]
        for (let n = 0; n <= times; n++) {
          const taken = [
            await shownAfter(context, url + emptyPath, '.nrdb-ui-page'),
            // The sixth key figure is the last to be known: it asks how the platform is.
            await shownAfter(
              context,
              `${url}/dashboard/overview`,
              '.lv-overview-figure:nth-child(6):not([data-severity=unknown])',
            ),
          ] as const
          // The first time fills the browser's cache.
          if (n > 0) for (const [index, list] of [empty!, overview!].entries()) list.push(taken[index]!)
        }
        return { emptyMs: percentile(empty!, 0.5) ?? NaN, overviewMs: percentile(overview!, 0.5) ?? NaN }
      },
      work: () => work(context, url),
      close: () => browser.close(),
    }
  } catch (error) {
    await closeQuietly(browser)
    throw error
  }
}

/** What went wrong is told by who throws it. */
const closeQuietly = (browser: Browser): Promise<void> => browser.close().catch(() => undefined)

/** Milliseconds from the beginning of the navigation to the first frame that shows what a selector names. */
async function shownAfter(context: BrowserContext, address: string, selector: string): Promise<number> {
  const page = await context.newPage()
  try {
    await page.addInitScript(
      `(() => {
        const seen = () => document.querySelector(${JSON.stringify(selector)})
        const look = () => (seen() ? requestAnimationFrame(() => (window.shownAt ??= performance.now())) : requestAnimationFrame(look))
        look()
      })()`,
    )
    await page.goto(address, { waitUntil: 'commit' })
    await page.locator(selector).waitFor({ state: 'attached', timeout: 60_000 })
    return await page.evaluate<number>(
      'new Promise((tell) => { const look = () => (window.shownAt ? tell(window.shownAt) : requestAnimationFrame(look)); look() })',
    )
  } finally {
    await page.close()
  }
}

interface Interaction {
  readonly what: string
  readonly ms: number
}

async function work(context: BrowserContext, url: string): Promise<() => Promise<OperatorFigures>> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.addInitScript(
    `window.interactions = new Map()
    new PerformanceObserver((list) => {
      for (const { interactionId, duration, name, target } of list.getEntries())
        if (interactionId > 0 && duration > (window.interactions.get(interactionId)?.ms ?? 0))
          window.interactions.set(interactionId, { ms: duration, what: location.pathname + ' ' + name + ' ' + (target?.textContent ?? '').trim().slice(0, 40) })
    }).observe({ type: 'event', durationThreshold: 16, buffered: true })`,
  )
  await page.goto(`${url}/dashboard/overview`)
  await page.locator('.lv-main').waitFor()
  const tools = await context.newCDPSession(page)
  let goesOn = true
  const points: { x: number; y: number }[] = []
  const began = performance.now()
  const working = (async () => {
    while (goesOn) {
      await oneRound(page, () => goesOn)
      // A round that was broken off ends on any page, and holds what that one shows.
      if (goesOn) points.push({ x: (performance.now() - began) / 60_000, y: await heapMb(tools) })
    }
  })()
  // It is awaited at the end; until then what goes wrong is no unhandled rejection.
  working.catch(() => undefined)
  return async () => {
    goesOn = false
    await working
    const [seen, count] = (await page.evaluate(
      '[[...window.interactions.values()], performance.interactionCount]',
    )) as [Interaction[], number]
    await page.close()
    return figuresOf(seen, count, points, complaints)
  }
}

/** From page to page, a second or so on each, as somebody who looks for something. */
async function oneRound(page: Page, goesOn: () => boolean): Promise<void> {
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
  for (let index = 0; goesOn() && index < (await links.count()); index++) {
    await links.nth(index).click()
    await page.locator('.lv-links [aria-current=page]').nth(0).waitFor()
    await page.waitForTimeout(700)
    if (page.url().endsWith('/feeders')) await lookAtDevices(page)
    if (page.url().endsWith('/alarms')) await sortTables(page)
  }
  await page
    .getByRole('button', { name: /^(Light|Dark)$/ })
    .first()
    .click()
}

async function lookAtDevices(page: Page): Promise<void> {
  const devices = page.locator('.lv-devices')
  await devices.waitFor()
  for (const column of [3, 0]) {
    await devices.locator('thead button').nth(column).click()
    await page.waitForTimeout(700)
  }
  await page.locator('.lv-feeders-filter select').first().selectOption('pv')
  await page.waitForTimeout(700)
  await page.locator('.lv-feeders-more').click()
  await page.waitForTimeout(700)
  await devices.locator('tbody button').first().click()
  await page.getByRole('dialog').waitFor()
  await page.waitForTimeout(700)
  await page.keyboard.press('Escape')
}

async function sortTables(page: Page): Promise<void> {
  for (const view of await page.locator('.lv-main nav button').all()) {
    await view.click()
    await page.waitForTimeout(500)
  }
}

/** What scripts hold once nothing more can be let go, MB. */
async function heapMb(tools: CDPSession): Promise<number> {
  await tools.send('HeapProfiler.collectGarbage')
  return (await tools.send('Runtime.getHeapUsage')).usedSize / 1e6
}

function figuresOf(
  seen: readonly Interaction[],
  count: number,
  points: readonly { x: number; y: number }[],
  complaints: readonly string[],
): OperatorFigures {
  // What is too short to be told of, the browser only counts.
  const shortest = 16
  const taken = [
    ...seen.map(({ ms }) => ms),
    ...Array.from({ length: Math.max(0, count - seen.length) }, () => shortest),
  ]
  const longest = seen.toSorted((one, other) => other.ms - one.ms)[0]
  const watched = points.filter(({ x }) => x >= Math.min(1, points.at(-1)?.x ?? 0))
  const heap = watched.map(({ y }) => y)
  return {
    ...{ interactions: taken.length, p50: percentile(taken, 0.5) ?? NaN, p95: percentile(taken, 0.95) ?? NaN },
    ...{ longestMs: longest?.ms ?? NaN, longest: longest?.what ?? '' },
    ...{ startMb: heap[0] ?? NaN, mostMb: Math.max(...heap), endMb: heap.at(-1) ?? NaN },
    ...{ mbPerMinute: slope(watched.slice(Math.floor(watched.length / 2))), complaints },
  }
}
