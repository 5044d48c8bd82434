import assert from 'node:assert/strict'
import { it } from 'mocha'
import type { ConsoleStage } from './console-stage.fixture.ts'

/** The overview: what it shows, that it leads on, and that it says so when it does not know. */
export function describeOverview(stage: () => ConsoleStage): void {
  it('overview: shows feeders against their limit, says who set it, and leads there', async () => {
    const feederId = 'feeder-01'
    const set = await stage()
      .caller('operator')
      .post(`/api/feeders/${feederId}/limits`, { value: 0.5, durationMinutes: 30, reason: 'transformer runs hot' })
    assert.equal(set.status, 201, JSON.stringify(set.body))
    const page = await stage().open('overview', 'viewer')
    const table = page.getByRole('region', { name: 'Carga dos alimentadores' })
    await table.getByRole('row', { name: new RegExp(`${feederId}.*operador \\(${set.body.limitId}\\)`) }).waitFor()
    await page.getByRole('link', { name: /^Dados\s*(em ordem|degradado)/ }).waitFor()
    assert.equal(await page.getByText('desconhecido', { exact: true }).count(), 0)
    await stage().checkAccess(page)
    await stage().picture(page, 'overview-light')
    await table.getByRole('link', { name: feederId }).click()
    await page.waitForURL(`${stage().url}/dashboard/feeders?feeder=${feederId}`)
    assert.deepEqual(stage().complaints(), [])
  })

  it('overview: what is not connected is unknown, and heals by itself', async () => {
    const page = await stage().open('overview', 'operator', {
      ...{ locale: 'en-US', colorScheme: 'dark', viewport: { width: 800, height: 1100 } },
    })
    const figure = page.getByRole('link', { name: /^Customers without supply/ })
    await figure.filter({ hasText: 'open interruptions' }).waitFor()
    await stage().picture(page, 'overview-dark')
    let isCut = true
    const sockets: { close(): Promise<void> }[] = []
    await page.routeWebSocket(/\/api\/live$/, (socket) => {
      if (isCut) void socket.close()
      else sockets.push(socket.connectToServer())
    })
    await page.reload()
    await figure.filter({ hasText: 'unknown' }).waitFor()
    await page.getByText('Connection to the server lost').waitFor()
    assert.equal(await page.getByText('No news: not known now').count(), 5)
    isCut = false
    await figure.filter({ hasText: 'open interruptions' }).waitFor()
    assert.equal(await page.getByText('No news: not known now').count(), 0)
    isCut = true
    for (const socket of sockets) await socket.close()
    await figure.filter({ hasText: 'unknown' }).waitFor()
    stage().complaints()
  })

  it('overview: a high alarm is seen and heard on any page until somebody acknowledges it', async () => {
    const page = await stage().open('solar', 'operator')
    await page.addInitScript(() => {
      const beeps: number[] = []
      Object.assign(window, { beeps })
      const { createOscillator } = AudioContext.prototype
      AudioContext.prototype.createOscillator = function () {
        beeps.push(performance.now())
        return createOscillator.call(this)
      }
    })
    const beeps = (): Promise<number> => page.evaluate('beeps.length')
    await page.reload()
    const strip = page.getByRole('region', { name: 'Alarmes que chamam' })
    await strip.waitFor({ state: 'attached' })
    const line = strip.locator('.lv-strip-line')
    await openFuse(stage(), '')
    await line.getByText('Alta').waitFor({ timeout: 40_000 })
    await strip.getByText(/há \d+ s/).waitFor()
    if (await strip.getByText('O navegador só deixa os alarmes soarem').isVisible()) {
      assert.equal(await beeps(), 0)
      await stage().picture(page, 'strip-blocked')
      await page.getByRole('heading', { level: 1 }).click()
      await strip.getByText('O navegador só deixa os alarmes soarem').waitFor({ state: 'hidden' })
    }
    assert.ok((await beeps()) >= 3, 'nothing was heard')
    await stage().checkAccess(page)
    await stage().picture(page, 'strip-light')

    const heard = await beeps()
    await page.getByRole('link', { name: 'Sistema', exact: true }).click()
    await page.waitForURL(`${stage().url}/dashboard/system`)
    await line.getByText('Alta').waitFor()
    assert.equal(await beeps(), heard, 'what was heard on one page is not news on the next')
    await page.getByRole('button', { name: 'Silenciar alarmes' }).click()
    await page.getByRole('button', { name: 'Alarmes silenciados', pressed: true }).waitFor()

    const { body } = await stage().caller('operator').get('/api/alarms?priority=high&states=B')
    for (const { alarmId, occurrence } of (body as { items: { alarmId: number; occurrence: number }[] }).items) {
      const acknowledged = await stage().caller('operator').post(`/api/alarms/${alarmId}/acknowledge`, { occurrence })
      assert.ok(acknowledged.status < 300, JSON.stringify(acknowledged.body))
    }
    await line.waitFor({ state: 'detached' })
    await openFuse(stage(), 'ABC')
    assert.deepEqual(stage().complaints(), [])
  })
}

async function openFuse(stage: ConsoleStage, closed: '' | 'ABC'): Promise<void> {
  const body = { switchId: 'fu-001', closed, at: new Date().toISOString(), evidence: 'crew 7' }
  const { status, text } = await stage.caller('operator').post('/api/quality/continuity/operations', body)
  assert.ok(status < 300, text)
}
