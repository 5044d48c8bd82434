import assert from 'node:assert/strict'
import { it } from 'mocha'
import type { Page } from 'playwright-core'
import { waitUntil } from '../waiting.fixture.ts'
import type { ConsoleStage } from './console-stage.fixture.ts'

const feederId = 'feeder-02'
const tablet = { width: 800, height: 1100 }

/** The setpoint of a device as the table shows it, kW; NaN where it has none. */
async function setpointOf(page: Page, deviceId: string, region: string): Promise<number> {
  const row = page.getByRole('region', { name: region }).getByRole('row', { name: new RegExp(`^${deviceId} `) })
  return numberIn(await row.locator('[data-part=setpoint]').innerText())
}

const numberIn = (text: string): number => Number(text.replace('.', '').replace(',', '.').replace('−', '-'))

/** Feeders: an operator limits one and sees who gives way and why; an engineer calls an event; a viewer looks on. */
export function describeFeeders(stage: () => ConsoleStage): void {
  it('feeders: an operator limits one, sees the setpoint of a car fall and why, and takes the limit back', async () => {
    const page = await stage().open(`feeders?feeder=${feederId}`, 'operator')
    await page.getByRole('heading', { level: 2, name: feederId }).waitFor()
    const evs = ['ev-003', 'ev-004']
    let before: number[] = []
    await waitUntil('cars have setpoints', async () => {
      before = await Promise.all(evs.map((id) => setpointOf(page, id, 'Dispositivos')))
      return before.every((kw) => kw > 0)
    })
    await page
      .getByRole('table', { name: /^Por fase/ })
      .getByRole('row', { name: /^Total .*150 kW cadastro/ })
      .waitFor()
    await page.getByRole('button', { name: /^feeder-02 .* kW .*A −?-?[\d,]+ B −?-?[\d,]+ C −?-?[\d,]+$/ }).waitFor()
    const carried = (await page.locator('.lv-feeder-state [data-part=now]').allInnerTexts()).map(numberIn)
    const [total, ...byPhase] = carried
    assert.ok(Math.abs(total! - byPhase.reduce((sum, kw) => sum + kw, 0)) < 0.3, carried.join(' '))
    await stage().picture(page, 'feeders-devices')
    await stage().checkAccess(page)

    await page.getByRole('button', { name: 'Limites' }).click()
    await page.getByRole('button', { name: 'Definir limite' }).click()
    const form = page.getByRole('dialog', { name: `Limite de ${feederId}` })
    await form.getByRole('button', { name: 'Definir limite' }).click()
    await form.getByText('Um número de 0 a 1.000.000').waitFor()
    assert.equal(await form.getByRole('option', { name: 'até ser retirado' }).count(), 0)
    await form.getByLabel('Valor').fill('1,5')
    await form.getByLabel('Motivo').fill('Transformador quente')
    await stage().checkAccess(page)
    await form.getByRole('button', { name: 'Definir limite' }).click()
    const id = /O limite (\d+) está valendo/.exec(await page.getByText(/O limite \d+ está valendo/).innerText())![1]!
    await page
      .getByRole('region', { name: 'Limites em vigor' })
      .getByRole('row', { name: new RegExp(`1,5 kW definido por pessoa \\(nº ${id}\\)`) })
      .waitFor()
    await stage().checkAccess(page)
    await stage().picture(page, 'feeders-limits')

    const inTree = page.getByRole('button', { name: new RegExp(`^${feederId} .* de 1,5 kW`) })
    await inTree.waitFor()
    await page.getByRole('button', { name: 'Dispositivos' }).click()
    await waitUntil('cars give way', async () => {
      const after = await Promise.all(evs.map((ev) => setpointOf(page, ev, 'Dispositivos')))
      return after.every((kw, index) => kw < before[index]!)
    })
    await page.getByRole('button', { name: 'Por que ev-004 tem esse setpoint?' }).click()
    const why = page.getByRole('dialog', { name: 'Por que ev-004 tem esse setpoint' })
    await why
      .getByRole('region', { name: 'Alimentadores acima dele' })
      .getByRole('row', { name: new RegExp(`^${feederId} Total .* 1,5 150$`) })
      .waitFor()
    assert.match(await why.locator('[data-part=sentence]').innerText(), /^ev-004 .*quer/)
    assert.equal(new URL(page.url()).searchParams.get('device'), 'ev-004')
    await stage().checkAccess(page)
    await stage().picture(page, 'feeders-why')
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Limites' }).click()
    await page.getByRole('button', { name: `Retirar o limite ${id}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Retirar' }).click()
    await page.getByText('Ninguém definiu um limite.').waitFor()
    assert.deepEqual(stage().complaints(), [])
  })

  it('feeders: an engineer calls an event of 30 minutes, sees it in the week, and cancels it', async () => {
    const options = { locale: 'en-US', colorScheme: 'dark', viewport: tablet } as const
    const page = await stage().open(`feeders?feeder=${feederId}&view=events`, 'engineer', options)
    await page.getByRole('button', { name: 'Call an event' }).click()
    const form = page.getByRole('dialog', { name: 'Call an event' })
    await form.getByLabel('Limit kW').fill('12.5')
    await stage().checkAccess(page)
    await form.getByRole('button', { name: `Call: limit of 12.5 kW on ${feederId}, 30 min` }).click()
    const row = page.getByRole('region', { name: 'Week' }).getByRole('row', { name: /limit of 12.5 kW/ })
    await row.filter({ hasText: 'in force' }).waitFor()
    const bar = page.getByRole('region', { name: 'Calendar' }).getByRole('button', { name: /in force, feeder-02/ })
    await page
      .getByText(/demand-response event \d+/)
      .first()
      .waitFor()
    await stage().checkAccess(page)
    await stage().picture(page, 'feeders-events-dark')
    await bar.first().click()
    const event = page.getByRole('dialog', { name: /^Event \d+/ })
    await event.getByText('Results come a quarter of an hour after the end.').waitFor()
    await event.getByLabel('Why (optional)').fill('The line is back')
    await event.getByRole('button', { name: 'Cancel the event' }).click()
    await event.locator('[data-part=state]').filter({ hasText: 'cancelled' }).waitFor()
    await event.getByText('Cancelled by engineer').waitFor()
    assert.equal(await event.getByRole('button', { name: 'Cancel the event' }).count(), 0)
    await stage().checkAccess(page)
    await stage().picture(page, 'feeders-event-dark')
    await page.keyboard.press('Escape')
    await row.filter({ hasText: 'cancelled' }).waitFor()
    assert.deepEqual(stage().complaints(), [])
  })

  it('feeders: a device opts out of demand response for a time, and takes part again', async () => {
    const page = await stage().open('feeders?device=ev-001', 'operator', { locale: 'en-US' })
    const why = page.getByRole('dialog', { name: 'Why ev-001 has its setpoint' })
    await why.getByRole('button', { name: 'Opt out' }).click()
    await why.getByText(/^Opted out until /).waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL(({ search }) => search === '?feeder=feeder-01')
    await page.getByRole('button', { name: 'Demand response' }).click()
    await page.getByRole('button', { name: 'End the opt-out of ev-001' }).click()
    await page.getByText('Nobody has opted out.').waitFor()
    assert.deepEqual(stage().complaints(), [])
  })

  it('feeders: an admin enters a program, and sets it inactive', async () => {
    const page = await stage().open(`feeders?feeder=${feederId}&view=events`, 'admin')
    await page.getByRole('button', { name: 'Novo programa' }).click()
    const form = page.getByRole('dialog', { name: 'Novo programa' })
    await form.getByLabel('Nome').fill('Domingo cedo')
    await form.getByLabel('Reduzir kW').fill('2')
    for (const day of ['seg', 'ter', 'qua', 'qui', 'sex']) await form.getByLabel(day, { exact: true }).uncheck()
    await form.getByLabel('Incentivo R$/kWh').fill('0,9')
    await stage().checkAccess(page)
    await form.getByRole('button', { name: 'Cadastrar' }).click()
    const row = page.getByRole('region', { name: 'Programas' }).getByRole('row', { name: /Domingo cedo/ })
    await row.filter({ hasText: 'só à mão' }).waitFor()
    await row.getByRole('button', { name: 'Desativar o programa Domingo cedo' }).click()
    await row.filter({ hasText: 'inativo' }).waitFor()
    assert.deepEqual(stage().complaints(), [])
  })

  it('feeders: a viewer sees all of it and no action; filters, order and what is lost', async () => {
    const page = await stage().open('feeders?feeder=feeder-01', 'viewer', { colorScheme: 'dark', viewport: tablet })
    const table = page.getByRole('region', { name: 'Dispositivos' })
    await table.getByRole('row', { name: /^ev-001 / }).waitFor()
    await page.getByLabel('Tipo').selectOption('battery')
    await table.getByRole('row', { name: /^ev-001 / }).waitFor({ state: 'detached' })
    assert.equal(await table.locator('tbody tr').count(), await table.getByRole('row', { name: /^bat-/ }).count())
    await page.getByLabel('Natureza').selectOption('physical')
    await page.getByText('Nenhum dispositivo.').waitFor()
    await page.getByLabel('Tipo').selectOption('all')
    await page.getByLabel('Natureza').selectOption('simulated')
    await table.getByRole('button', { name: 'Atual kW' }).click()
    await table.getByRole('columnheader', { name: 'Atual kW' }).and(page.locator('[aria-sort=ascending]')).waitFor()
    await stage().checkAccess(page)
    await stage().picture(page, 'feeders-viewer-dark')
    const actions =
      /^(Definir limite|Retirar|Chamar evento|Cancelar o evento|Novo programa|Optar por sair|Encerrar a saída)/
    for (const view of ['Limites', 'Resposta da demanda', 'Dispositivos']) {
      await page.getByRole('button', { name: view }).click()
      await page.getByRole('heading', { level: 2, name: /^(Limites em vigor|Calendário|Dispositivos)/ }).waitFor()
      assert.equal(await page.getByRole('button', { name: actions }).count(), 0, view)
      await stage().checkAccess(page)
    }
    await page.getByRole('button', { name: /^Por que ev-001/ }).click()
    await page
      .getByRole('dialog')
      .getByText(/^ev-001 /)
      .first()
      .waitFor()
    assert.equal(await page.getByRole('dialog').getByRole('button', { name: actions }).count(), 0)
    await page.keyboard.press('Escape')
    assert.deepEqual(stage().complaints(), [])

    await page.routeWebSocket(/\/api\/live$/, (socket) => void socket.close())
    await page.reload()
    await page.locator('[data-part=load]').filter({ hasText: 'desconhecido' }).waitFor()
    stage().complaints()
  })
}
