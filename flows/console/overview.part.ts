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
    await figure.filter({ hasText: 'Interruptions open' }).waitFor()
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
    await figure.filter({ hasText: 'Interruptions open' }).waitFor()
    assert.equal(await page.getByText('No news: not known now').count(), 0)
    isCut = true
    for (const socket of sockets) await socket.close()
    await figure.filter({ hasText: 'unknown' }).waitFor()
    stage().complaints()
  })

  it('overview: a shift is logged, handed over by one and taken over by another', async () => {
    const outgoing = await stage().open('overview', 'operator')
    const log = outgoing.getByRole('region', { name: 'Livro de turno' })
    await log.getByLabel('O que aconteceu').fill('Seção 4 aberta para obras.')
    await log.getByLabel('Área de responsabilidade (opcional)').fill('Norte')
    await log.getByRole('button', { name: 'Registrar' }).click()
    const entry = log.getByRole('listitem').filter({ hasText: 'Seção 4 aberta' })
    await entry.getByText(/Norte/).waitFor()
    await entry.getByRole('button', { name: /^Corrigir registro/ }).click()
    await log.getByLabel(/^Correção do registro/).fill('Seção 5 aberta para obras.')
    await log.getByRole('button', { name: 'Registrar' }).click()
    await entry.getByText(/corrigido pelo registro/).waitFor()
    const shift = outgoing.getByRole('region', { name: 'Passagem de turno' })
    await shift.getByLabel('O que o próximo turno precisa saber (opcional)').fill('A equipe 7 liga antes de fechar.')
    await shift.getByRole('button', { name: 'Passar o turno e assinar' }).click()
    await shift.getByText('aguarda quem assume').waitFor()
    assert.equal(await shift.getByRole('button', { name: /^Assumir/ }).count(), 0)
    await stage().checkAccess(outgoing)

    const incoming = await stage().open('overview', 'engineer', { locale: 'en-US' })
    const theirs = incoming.getByRole('region', { name: 'Shift handover' })
    await theirs.getByText('A equipe 7 liga antes de fechar.').waitFor()
    await theirs.getByRole('button', { name: 'Take over and sign as engineer' }).click()
    await theirs.getByText('signed by both').waitFor()
    await theirs.getByText(/Taken over by engineer/).waitFor()
    await stage().picture(incoming, 'overview-shift')
    await shift.getByText(/Assumido por engineer/).waitFor({ timeout: 30_000 })
    assert.deepEqual(stage().complaints(), [])
  })

  it('overview: a viewer is offered neither shift log nor handover', async () => {
    const viewer = await stage().open('overview', 'viewer')
    await viewer.getByRole('heading', { name: 'Saúde dos dados' }).waitFor()
    assert.equal(await viewer.getByText('Passagem de turno').count(), 0)
    assert.deepEqual(stage().complaints(), [])
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
