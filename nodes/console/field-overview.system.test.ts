import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { FieldOverview } from '../../platform/wire/overview.ts'
import { calmOverview } from './overview.fixture.ts'
import { type RunningDashboard, startDashboard } from './running-dashboard.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
/** A folder to leave screenshots in, for people to look at. */
const pictures = process.env['SCREENSHOTS']

describe('field overview in a browser', function () {
  this.timeout(90_000)
  let dashboard: RunningDashboard
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let complaints: string[]
  let updates: string[]

  before(async function () {
    if (!existsSync(executablePath)) {
      console.log(`      skipped: no browser at ${executablePath} (set CHROMIUM)`)
      this.skip()
    }
    dashboard = await startDashboard()
    browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu', ...quiet] })
  })
  after(async () => {
    await browser?.close()
    await dashboard?.stop()
  })

  const open = async (locale: string, size = { width: 1440, height: 900 }): Promise<void> => {
    context = await browser.newContext({ locale, viewport: size, timezoneId: 'America/Sao_Paulo' })
    page = await context.newPage()
    complaints = []
    updates = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on(
      'request',
      (request) =>
        /^(?!data:)/.test(request.url()) && !request.url().startsWith(dashboard.url) && complaints.push(request.url()),
    )
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (payload.toString().includes('msg-input:lv-field-overview')) updates.push(payload.toString())
      }),
    )
    await page.goto(`${dashboard.url}/dashboard`)
    await page.getByRole('article').waitFor()
  }
  afterEach(() => context?.close())

  const send = (change: Partial<FieldOverview> = {}): Promise<{ refused?: string }> =>
    dashboard.send({ ...calmOverview(Date.now()), ...change })
  const shows = (text: string | RegExp): Promise<void> =>
    page.getByText(text).filter({ visible: true }).first().waitFor()
  const picture = async (name: string): Promise<void> => {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) })
  }

  it('waits for the first reading, then shows it in Portuguese', async () => {
    await open('pt-BR')
    await shows('Aguardando a primeira leitura')
    await send()
    await shows('36,4')
    for (const text of [
      '1.284.310',
      'Valor fora da faixa',
      '874',
      'meter-017',
      'fechada · remoto',
      '25,3 °C · 48,2 V · 8,5 A',
    ])
      await shows(text)
    const feeder = page.getByRole('row', { name: 'feeder-01' }).first()
    assert.match(await feeder.innerText(), /-9,2\s+45,9\s+36,7$/)
    assert.equal(await page.title(), 'Linha Viva')
    await picture('field-pt')
    assert.deepEqual(complaints, [])
  })

  it('shows a page opened later the newest overview at once, in English', async () => {
    await open('en-US')
    await shows('36.4')
    for (const text of ['1,284,310', 'A value is out of range', 'Feeder load by type', 'closed · remote'])
      await shows(text)
    assert.deepEqual(complaints, [])
  })

  it('changes the language at a key, and remembers it', async () => {
    await open('en-US')
    await page.getByRole('button', { name: 'Português' }).focus()
    await page.keyboard.press('Enter')
    await shows('Visão do campo')
    await page.reload()
    await shows('Visão do campo')
    assert.equal(await page.getByRole('article').getAttribute('lang'), 'pt-BR')
  })

  it('gets one update a second of two hundred, the newest last, and nothing but the overview', async () => {
    await open('en-US')
    await sleep(1100)
    for (let rate = 1; rate <= 50; rate++) await Promise.all([1, 2, 3, 4].map(() => send({ readingsPerSecond: rate })))
    await send({ readingsPerSecond: 77.7 })
    const started = updates.length
    await shows('77.7')
    await sleep(1500)
    assert.ok(updates.length - started <= 2, `${updates.length - started} updates after the burst`)
    assert.ok(updates.length >= 2 && updates.length <= 8, `${updates.length} updates`)
    assert.ok(updates.every((update) => !update.includes('not for browsers')))
  })

  it('says which part is down, above all', async () => {
    await open('pt-BR')
    await send({ degraded: [{ part: 'database', detail: 'ECONNREFUSED 127.0.0.1:5432' }] })
    const alert = page.getByRole('alert').filter({ hasText: 'Banco de dados degradado' })
    await alert.waitFor()
    assert.match(await alert.innerText(), /ECONNREFUSED 127\.0\.0\.1:5432/)
    await picture('field-degraded')
  })

  it('says that data stopped and for how long, and is live again when it comes', async () => {
    await open('en-US')
    await send()
    await shows(/no data for [5-9] s/)
    await shows('No updates')
    await send({ readingsPerSecond: 12.3 })
    await shows('12.3')
    await page.getByText('No updates').waitFor({ state: 'detached' })
  })

  it('tells a page opened onto old data how old it is', async () => {
    await sleep(5500)
    await open('en-US')
    await shows(/no data for \d+ s/)
  })

  it('fits a phone without scrolling sideways', async () => {
    await open('pt-BR', { width: 390, height: 844 })
    await send()
    await shows('36,4')
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
    await picture('field-phone')
  })

  it('refuses what is not an overview, naming field and value', async () => {
    assert.deepEqual(await send({ stored: -4 }), {
      refused: 'InvalidOverview: payload.stored must be zero or more, found -4',
    })
  })

  it('takes nothing from a browser that forges widget messages', async () => {
    await send({ readingsPerSecond: 55 })
    await sleep(1100)
    const kept = (): Promise<string> =>
      fetch(`${dashboard.url}/dashboard/_debug/datastore/lv-field-overview`).then((response) => response.text())
    const before = await kept()
    const polling = `${dashboard.url}/dashboard/socket.io/?EIO=4&transport=polling`
    const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1)) as { sid: string }
    const say = (packet: string): Promise<Response> => fetch(`${polling}&sid=${sid}`, { method: 'POST', body: packet })
    await say('40')
    for (const event of ['widget-send', 'widget-change', 'widget-action'])
      await say(`42${JSON.stringify([event, 'lv-field-overview', { payload: 'forged' }])}`)
    await sleep(300)
    assert.equal(await kept(), before)
    assert.match(before, /"readingsPerSecond":55/)
  })

  it('says that the connection to the server is lost', async () => {
    await open('pt-BR')
    await send()
    await shows('36,4')
    await dashboard.stop()
    await shows('Conexão com o servidor perdida')
    await shows('36,4')
    await picture('field-lost')
  })
})
