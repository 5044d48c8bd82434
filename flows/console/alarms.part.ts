import assert from 'node:assert/strict'
import { it } from 'mocha'
import type { Locator, Page, WebSocketRoute } from 'playwright-core'
import { waitUntil } from '../waiting.fixture.ts'
import type { ConsoleStage } from './console-stage.fixture.ts'

interface Alarm {
  readonly alarmId: number
  readonly state: string
  readonly occurrence: number
  readonly text: { readonly en: string; readonly pt: string }
  readonly definition: { readonly operatorAction: { readonly en: string; readonly pt: string } }
}

/** The page of alarms: real ones, of a fuse and of a switch that a crew opens in the simulated field. */
export function describeAlarms(stage: () => ConsoleStage): void {
  const operate = async (switchId: string, closed: '' | 'ABC'): Promise<void> => {
    const body = { switchId, closed, at: new Date().toISOString(), evidence: 'crew 7' }
    const { status, text } = await stage().caller('operator').post('/api/quality/continuity/operations', body)
    assert.ok(status < 300, text)
  }
  const outages = async (): Promise<readonly Alarm[]> => {
    const { body } = await stage().caller('operator').get('/api/alarms?kind=outage&states=B&states=C&states=D&states=G')
    return (body as { items: Alarm[] }).items
  }
  /** The one that stands behind the open fuse. */
  const behindFuse = async (): Promise<Alarm> => (await outages()).find(({ text }) => text.en.includes('(fu-001)'))!
  async function outageOf(switchId: string): Promise<Alarm> {
    const before = new Set((await outages()).map(({ alarmId }) => alarmId))
    await operate(switchId, '')
    let found: Alarm | undefined
    await waitUntil(
      `the outage behind ${switchId}`,
      async () => (found = (await outages()).find(({ alarmId }) => !before.has(alarmId))) !== undefined,
      { withinMs: 30_000 },
    )
    return found!
  }
  const alarmOf = async (alarmId: number): Promise<Alarm> =>
    (await stage().caller('viewer').get(`/api/alarms/${alarmId}`)).body as Alarm
  async function becomes(alarmId: number, state: string): Promise<Alarm> {
    let alarm: Alarm | undefined
    await waitUntil(`alarm ${alarmId} to be ${state}`, async () => (alarm = await alarmOf(alarmId)).state === state, {
      withinMs: 15_000,
      explain: async () => `it is ${alarm?.state}`,
    })
    return alarm!
  }
  const table = (page: Page): Locator => page.getByRole('region', { name: 'Alarmes em aberto' })
  const rowOf = (page: Page, alarm: Alarm): Locator => table(page).getByRole('row').filter({ hasText: alarm.text.pt })

  it('alarms: an outage is seen, acknowledged, shelved with a reason, taken back, and its history says who did it', async () => {
    const outage = await outageOf('fu-001')
    const page = await stage().open('alarms', 'operator')
    const row = rowOf(page, outage)
    await row.getByText('Não reconhecido').waitFor()
    await stage().checkAccess(page)
    await stage().picture(page, 'alarms-operator')
    await row.getByRole('button', { name: /^Reconhecer/ }).click()
    await row.getByText('Reconhecido', { exact: true }).waitFor()
    await becomes(outage.alarmId, 'C')

    // By keyboard: to the row, and S puts it aside; without a reason it is not done.
    await row.focus()
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Por').selectOption('30')
    await dialog.getByRole('button', { name: 'Arquivar' }).click()
    await dialog.getByRole('alert').getByText('Diga o motivo.').waitFor()
    await dialog.getByLabel('Motivo').fill('Equipe 7 a caminho')
    await stage().checkAccess(page)
    await stage().picture(page, 'alarms-shelve')
    await dialog.getByRole('button', { name: 'Arquivar' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    await becomes(outage.alarmId, 'G')

    await page.getByLabel('Estado').selectOption({ label: 'Postos de lado' })
    await row.getByText('Arquivado').waitFor()
    await page.waitForURL(/\?standing=hidden/)
    await row.focus()
    await page.keyboard.press('Enter')
    const detail = page.getByRole('dialog', { name: outage.text.pt })
    await detail.getByText(outage.definition.operatorAction.pt).waitFor()
    const shelving = detail.getByRole('row').filter({ hasText: 'Equipe 7 a caminho' })
    await shelving.getByText('operator').waitFor()
    await page.waitForURL(new RegExp(`alarm=${outage.alarmId}$`))
    await stage().checkAccess(page)
    await stage().picture(page, 'alarms-detail')
    await detail.getByRole('button', { name: 'Desarquivar' }).click()
    await page
      .getByRole('dialog', { name: /^Desarquivar/ })
      .getByRole('button', { name: 'Desarquivar' })
      .click()
    await detail.getByRole('button', { name: 'Reconhecer (2)' }).click()
    await becomes(outage.alarmId, 'C')
    await detail.getByRole('button', { name: 'Comentar' }).click()
    const comment = page.getByRole('dialog', { name: /^Comentar/ })
    await comment.getByLabel('Comentário').fill('Árvore caída na rede')
    await comment.getByRole('button', { name: 'Comentar' }).click()
    await detail.getByRole('row').filter({ hasText: 'Árvore caída na rede' }).waitFor()
    await page.keyboard.press('Escape')
    await detail.waitFor({ state: 'detached' })
    await page.waitForURL((url) => !url.searchParams.has('alarm'))
    assert.deepEqual(stage().complaints(), [])
  })

  it('alarms: of several that are acknowledged at once each says what it came to', async () => {
    const other = await outageOf('sw-001')
    const outage = await behindFuse()
    const page = await stage().open('alarms', 'operator')
    await rowOf(page, other).waitFor()
    // The keyboard moves from row to row, and only there.
    const rows = table(page).locator('tbody tr')
    await rows.first().focus()
    await page.keyboard.press('ArrowDown')
    assert.equal(await rows.nth(1).evaluate((row) => row === row.ownerDocument.activeElement), true)
    await rowOf(page, other).getByRole('checkbox').check()
    await rowOf(page, outage).getByRole('checkbox').check()
    const bulk = page.getByRole('group', { name: 'Ações sobre os selecionados' })
    await bulk.getByText('Selecionados: 2').waitFor()
    await bulk.getByRole('button', { name: 'Reconhecer' }).click()
    const dialog = page.getByRole('dialog', { name: 'Reconhecer 2 alarmes' })
    await dialog.getByLabel('Motivo').fill('Temporal')
    await dialog.getByRole('button', { name: 'Reconhecer' }).click()
    await dialog.getByText('Feitos: 1. Recusados: 1.').waitFor()
    await dialog.getByText('Já está reconhecido.').waitFor()
    await stage().picture(page, 'alarms-bulk')
    await stage().checkAccess(page)
    // The simulated switch says soon that it is closed after all: what was acknowledged is normal then.
    await becomes(other.alarmId, 'A')
    await dialog.locator('.lv-actions').getByRole('button', { name: 'Fechar' }).click()

    await page.getByLabel('Buscar').fill('nada disso existe')
    await page.getByText('Nenhum alarme corresponde ao que se pede.').waitFor()
    await page.waitForURL(/text=nada/)
    assert.deepEqual(stage().complaints(), [])
  })

  it('alarms: a viewer reads all of it in English, and is offered no action', async () => {
    const outage = await behindFuse()
    const narrow = { width: 800, height: 1100 }
    const page = await stage().open('alarms', 'viewer', { locale: 'en-US', colorScheme: 'dark', viewport: narrow })
    const region = page.getByRole('region', { name: 'Alarms that stand' })
    const row = region.getByRole('row').filter({ hasText: outage.text.en })
    await row.waitFor()
    assert.equal(await region.getByRole('button', { name: /Acknowledge|Shelve/ }).count(), 0)
    assert.equal(await region.getByRole('checkbox').count(), 0)
    await stage().picture(page, 'alarms-viewer-dark')
    await stage().checkAccess(page)
    await row.getByRole('button', { name: outage.text.en }).click()
    const detail = page.getByRole('dialog', { name: outage.text.en })
    await detail.getByText(outage.definition.operatorAction.en).waitFor()
    await detail.getByRole('row').filter({ hasText: 'Came' }).first().waitFor()
    assert.deepEqual(await detail.getByRole('button', { name: /Acknowledge|Shelve|Comment|Reset|service/ }).count(), 0)
    await stage().picture(page, 'alarms-viewer-detail-dark')
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'History' }).click()
    await page
      .getByRole('region', { name: /^Occurrences/ })
      .getByRole('row')
      .filter({ hasText: outage.text.en })
      .first()
      .waitFor()
    await stage().checkAccess(page)
    await stage().picture(page, 'alarms-history-dark')
    await page.getByRole('button', { name: 'Key figures' }).click()
    await page.getByRole('row').filter({ hasText: 'Alarms a day' }).getByText('up to 150, at most 300').waitFor()
    await page.waitForURL(/view=figures/)
    await stage().checkAccess(page)
    await stage().picture(page, 'alarms-figures-dark')
    assert.deepEqual(stage().complaints(), [])
  })

  it('alarms: while the connection is lost states are unknown and nothing is offered; it heals by itself', async () => {
    const outage = await behindFuse()
    const page = await stage().open('alarms', 'operator')
    let route: WebSocketRoute | undefined
    let isUp = true
    await page.routeWebSocket(/\/api\/live$/, (socket) => {
      route = socket
      if (isUp) socket.connectToServer()
      else void socket.close({ code: 1001, reason: 'away' })
    })
    await page.reload()
    const row = rowOf(page, outage)
    await row.getByText('Reconhecido', { exact: true }).waitFor()
    isUp = false
    await route!.close({ code: 1001, reason: 'away' })
    await row.getByText('desconhecido').waitFor()
    assert.equal(await row.getByText('Reconhecido', { exact: true }).count(), 0)
    assert.equal(await row.getByRole('button', { name: /^Arquivar/ }).isDisabled(), true)
    await page.getByRole('region', { name: 'Quantos alarmes há' }).getByText('desconhecido').first().waitFor()
    await stage().picture(page, 'alarms-lost')
    isUp = true
    await row.getByText('Reconhecido', { exact: true }).waitFor({ timeout: 60_000 })
    await operate('fu-001', 'ABC')
    await row.waitFor({ state: 'detached', timeout: 30_000 })
    assert.deepEqual(stage().complaints(), [])
  })
}
