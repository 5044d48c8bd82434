import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { type Browser, chromium, type Page } from 'playwright-core'
import { topicOf } from '../platform/wire/contract.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { cookieOf } from './users.fixture.ts'
import { say } from './waiting.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browserArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']

const panel = (celsius: number) => ({
  ...{ panel_id: 'panel-77', timestamp: new Date().toISOString(), temperature_celsius: celsius },
  ...{ voltage_volts: 40, current_amperes: 5, power_output_watts: 200, location: 'roof' },
})

describe('the first screen, from the field to the browser', function () {
  this.timeout(90_000)
  let system: RunningSystem
  let field: MqttClient
  let browser: Browser
  let page: Page

  before(async function () {
    if (!existsSync(executablePath)) {
      say(`skipped: no browser at ${executablePath}; CHROMIUM names another`)
      this.skip()
    }
    system = await startSystem({ broker: 'embedded' })
    field = await connectAsync(system.brokerUrl, { ...system.field, protocolVersion: 4 })
    browser = await chromium.launch({ executablePath, args: browserArgs })
    const context = await browser.newContext({ locale: 'pt-BR' })
    const { url, admin } = system.nodeRed
    await context.addCookies([{ ...cookieOf(await admin.token()), url }])
    page = await context.newPage()
    await page.goto(`${system.nodeRed.url}/dashboard/field`)
  })
  after(async () => {
    await browser?.close()
    await field?.endAsync(true)
    await system?.stop()
  })

  it('shows a reading that a device has just published', async () => {
    await field.publishAsync(topicOf('panel', 'panel-77'), JSON.stringify(panel(41.5)), { qos: 1 })
    const row = page.getByRole('row', { name: /panel-77/ })
    await row.waitFor({ timeout: 20_000 })
    const text = await row.innerText()
    assert.match(text, /41,5 °C/)
    assert.match(text, /-0,2/, 'generation is negative consumption')
  })

  it('shows what was rejected, by reason, in the language of the reader', async () => {
    await field.publishAsync(topicOf('panel', 'panel-77'), JSON.stringify(panel(250)), { qos: 1 })
    await page.getByText('Valor fora da faixa').waitFor({ timeout: 20_000 })
  })

  it('says so when the database is away, and recovers', async () => {
    await system.database.kill()
    await page.getByText('Banco de dados degradado').waitFor({ timeout: 30_000 })
    await system.database.start()
    await page.getByText('Banco de dados degradado').waitFor({ state: 'detached', timeout: 60_000 })
  })
})
