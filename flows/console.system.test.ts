import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'mocha'
import { installation } from '../platform/runtime/installation.ts'
import { describeAlarms } from './console/alarms.part.ts'
import { describeCommands } from './console/commands.part.ts'
import { browserIsThere, startConsoleStage, type ConsoleStage } from './console/console-stage.fixture.ts'
import { describeSolar } from './console/solar.part.ts'
import { describeSystem } from './console/system.part.ts'
import { describeFeeders } from './console/feeders.part.ts'
import { describeContinuity } from './console/continuity.part.ts'
import { describeVoltage } from './console/voltage.part.ts'
import { describeOverview } from './console/overview.part.ts'
import { say } from './waiting.fixture.ts'

const flow = JSON.parse(readFileSync(join(installation, 'flows', 'console.json'), 'utf8')) as { screen?: string }[]
/** The pages of the console, as the shipped flow has them. */
const screens = flow.flatMap(({ screen }) => screen ?? [])

describe("the operator's console, in a real browser", function () {
  this.timeout(120_000)
  let stage: ConsoleStage

  before(async function () {
    if (browserIsThere()) stage = await startConsoleStage()
    else {
      say('skipped: no browser; CHROMIUM names one')
      this.skip()
    }
  })
  after(() => stage?.stop())
  afterEach(() => stage.closeWindows())

  it('leads from each page to each other, and keeps its connection', async () => {
    const page = await stage.open('overview', 'viewer')
    let sockets = 0
    page.on('websocket', (socket) => (sockets += socket.url().endsWith('/api/live') ? 1 : 0))
    const links = page.getByRole('navigation', { name: 'Páginas' }).getByRole('link')
    assert.equal(await links.count(), screens.length)
    for (const [index, name] of screens.entries()) {
      await links.nth(index).click()
      await page.waitForURL(`${stage.url}/dashboard/${name}`)
      await page.locator('.lv-main').waitFor()
      assert.equal(await links.nth(index).getAttribute('aria-current'), 'page')
      await stage.checkAccess(page)
      await stage.picture(page, name)
    }
    assert.equal(sockets, 0)
    assert.deepEqual(stage.complaints(), [])
  })

  it('speaks both languages, and is dark or light as somebody likes it', async () => {
    const page = await stage.open('system', 'viewer', { locale: 'en-US', colorScheme: 'dark' })
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
    assert.equal(await page.locator('.lv').getAttribute('data-tone'), 'dark')
    await page.getByRole('button', { name: 'Light' }).click()
    await page.getByRole('button', { name: 'Português' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sistema' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Sistema' }).waitFor()
    assert.equal(await page.locator('.lv').getAttribute('data-tone'), 'light')
    assert.deepEqual(stage.complaints(), [])
  })

  describeSystem(() => stage)
  describeVoltage(() => stage)
  describeContinuity(() => stage)
  describeOverview(() => stage)
  describeFeeders(() => stage)
  describeAlarms(() => stage)
  describeSolar(() => stage)
  describeCommands(() => stage)
})
