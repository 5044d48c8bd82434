import assert from 'node:assert/strict'
import { connectAsync } from 'mqtt'
import { before, describe, it } from 'mocha'
import type { Page } from 'playwright-core'
import { seedDays, seedPlants } from '../../nodes/solar/maintenance/plant-days.fixture.ts'
import { topicOf } from '../../platform/wire/contract.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { ConsoleStage } from './console-stage.fixture.ts'

const site = 'console-roof'
const panels = [1, 2, 3, 4, 5].map((number) => `console-panel-${number}`)
const dead = panels[2]!
const minuteMs = 60_000
const patient = { withinMs: 100_000, everyMs: 1_000 }

interface Day {
  readonly date: string
  readonly energyKwh: number
  readonly expectedKwh: number
  readonly lostKwh: number
  readonly performanceRatio: number | null
}
interface Site {
  readonly items: readonly Day[]
  readonly panels: readonly { readonly panelId: string; readonly today: Day | null }[]
}

/** The page of solar plants: one whose panel is dead, and one whose panels want a visit. */
export function describeSolar(stage: () => ConsoleStage): void {
  describe('solar', () => {
    const hundredths = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    const percent = new Intl.NumberFormat('pt-BR', { style: 'percent', maximumFractionDigits: 0 })
    const row = (page: Page, panel: string, name: string | RegExp) =>
      page.locator('section', { has: page.getByRole('heading', { name: panel }) }).getByRole('row', { name })

    before(async function () {
      this.timeout(200_000)
      await publishAfternoon(stage())
      const { database } = stage().system
      await seedPlants(database)
      const last = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
      for (const panelId of ['dirty', 'clean', 'broken']) await seedDays(database, panelId, { days: 60, last })
      await waitUntil(
        'the dead panel to be found',
        async () => {
          const { body } = await stage().caller('viewer').get(`/api/anomalies?siteId=${site}&lasting=true`)
          return (body as { items: { kind: string; panel_id: string }[] }).items.some(
            ({ panel_id }) => panel_id === dead,
          )
        },
        patient,
      )
    })

    it('shows a viewer plants and panels with the figures of the API, in both languages', async () => {
      const page = await stage().open(`solar?site=${site}`, 'viewer')
      const { body } = await stage().caller('viewer').get(`/api/sites/${site}/solar?days=2`)
      const { items, panels: ofToday } = body as Site
      const [day] = items
      assert.ok(day && day.expectedKwh > 1 && day.lostKwh > 0.1, JSON.stringify(day))
      const figures = page.locator('.lv-solar-figures')
      await figures.getByText(`${hundredths.format(day.expectedKwh)} kWh esperada`).waitFor()
      await figures.getByText(hundredths.format(day.energyKwh), { exact: true }).waitFor()
      await figures.getByText(hundredths.format(day.lostKwh), { exact: true }).waitFor()
      await figures.getByText(percent.format(day.performanceRatio!), { exact: true }).first().waitFor()
      await row(
        page,
        'Usinas',
        new RegExp(`${site}.*1 de 5 painéis.*${hundredths.format(day.energyKwh)} kWh`),
      ).waitFor()
      for (const { panelId, today } of ofToday) {
        const figuresOfPanel = today ? [panelId, today.energyKwh, today.expectedKwh] : [panelId, 'desconhecido']
        const shown = figuresOfPanel.map((figure) => (typeof figure === 'number' ? hundredths.format(figure) : figure))
        await row(page, `Usina ${site}`, new RegExp(shown.join('.*'))).waitFor()
      }
      await page.getByRole('img', { name: /^Potência das últimas 24 horas/ }).waitFor()
      await stage().checkAccess(page)
      await stage().picture(page, 'solar-viewer')
      assert.equal(await page.getByRole('button', { name: /Anotar|Retirar/ }).count(), 0)
      await page.getByRole('button', { name: 'English' }).click()
      await page.getByRole('heading', { name: `Plant ${site}` }).waitFor()
      assert.deepEqual(stage().complaints(), [])
    })

    it('shows an anomaly with what shows it and what to do, and finds it by its kind and severity', async () => {
      const page = await stage().open('solar', 'operator', {
        locale: 'en-US',
        colorScheme: 'dark',
        viewport: { width: 800, height: 1100 },
      })
      const { body } = await stage().caller('viewer').get(`/api/anomalies?siteId=${site}&lasting=true`)
      const [found] = (body as { items: Anomaly[] }).items.filter(({ panel_id }) => panel_id === dead)
      assert.ok(found)
      const anomaly = page.getByRole('listitem').filter({ hasText: dead }).first()
      await anomaly.getByText(found.details.en).waitFor()
      await anomaly.getByText(found.recommendation.en).waitFor()
      await anomaly.getByText('What shows it').click()
      await anomaly
        .getByText(/expected/)
        .first()
        .waitFor()
      await page.getByLabel('Severity').selectOption(found.severity)
      await page.getByLabel('Kind').selectOption(found.kind)
      await anomaly.getByText(found.details.en).waitFor()
      await stage().checkAccess(page)
      await stage().picture(page, 'solar-anomaly')
      await page.getByLabel('Kind').selectOption('clock')
      await page.getByText('None of this kind.').waitFor()
      await page.getByRole('button', { name: 'Português' }).click()
      await page.getByLabel('Tipo').selectOption('')
      await anomaly.getByText(found.recommendation.pt).waitFor()
      assert.deepEqual(stage().complaints(), [])
    })

    it('says where to go first, and an operator notes a visit and takes it back', async () => {
      const page = await stage().open('solar?site=roof', 'operator')
      interface Plant {
        readonly siteId: string
        readonly advice: { readonly pt: string }
        readonly avoidedBrl: number
        readonly cleaningPays: boolean
      }
      const plant = await waitUntil(
        'the forecast',
        async () => {
          const { body } = await stage().caller('viewer').get('/api/maintenance?siteId=roof')
          return (body as { items: Plant[] }).items[0]
        },
        patient,
      )
      const money = new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' }).format(plant.avoidedBrl)
      const shown = row(page, 'Manutenção', /roof/).first()
      await shown.getByText(plant.advice.pt).waitFor()
      await shown.getByRole('cell', { name: money.replaceAll('\u00a0', ' '), exact: true }).waitFor()
      await shown.getByRole('cell', { name: plant.cleaningPays ? /^compensa/ : /^não compensa/ }).waitFor()
      await row(page, 'Manutenção', /^dirty/)
        .first()
        .waitFor()

      await shown.getByRole('button', { name: 'Anotar visita a roof' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('O que foi feito').selectOption('cleaning')
      await dialog.getByLabel(/^Quem esteve lá/).fill('Equipe 2')
      await dialog.getByLabel('O que foi encontrado').fill('Poeira')
      await stage().checkAccess(page)
      await dialog.getByRole('button', { name: 'Anotar', exact: true }).click()
      await page.getByText('A visita a roof está anotada.').waitFor()
      await page.getByRole('row', { name: /roof Limpeza Equipe 2.*Poeira/ }).waitFor()
      await stage().picture(page, 'solar-maintenance')

      await page.getByRole('button', { name: /^Retirar a visita a roof/ }).click()
      await dialog.getByLabel('Por quê').fill('Era outra usina')
      await dialog.getByRole('button', { name: 'Retirar', exact: true }).click()
      await page.getByText('Nenhuma visita anotada.').waitFor()
      assert.deepEqual(stage().complaints(), [])
    })
  })
}

interface Anomaly {
  readonly panel_id: string
  readonly kind: string
  readonly severity: string
  readonly details: { readonly en: string; readonly pt: string }
  readonly recommendation: { readonly en: string; readonly pt: string }
}

/**
 * Two and a half hours of a plant around its noon, up to now, one panel of which dies in the middle. Where it is follows from what time it
 * is, so that the sun shines there whenever the test runs. The panels come to their site once everything is stored: the plant is then
 * judged from its first reading on.
 */
async function publishAfternoon({ system, caller }: ConsoleStage): Promise<void> {
  const admin = caller('admin')
  const now = Date.now()
  const hour = (now / 3_600_000) % 24
  const longitude = (((12 - (hour - 1.25)) * 15 + 540) % 360) - 180
  const place = { siteId: site, latitude: 0, longitude, tariffBrlKwh: 0.8, cleaningCostBrl: 300 }
  const created = await admin.post('/api/registry/sites', place)
  assert.equal(created.status, 201, created.text)

  const field = await connectAsync(system.brokerUrl, system.field)
  const minutes = Array.from({ length: 150 }, (_, index) => index)
  for (const minute of minutes) {
    await Promise.all(
      panels.map((panelId, index) => {
        const isDead = panelId === dead && minute >= 75
        const voltage = isDead ? 0 : 40 + Math.sin(minute + index) / 2
        const power = isDead ? 0 : 325 + 5 * Math.sin(minute / 3 + index)
        const reading = {
          panel_id: panelId,
          timestamp: new Date(now - (150 - minute) * minuteMs).toISOString(),
          temperature_celsius: Number(((isDead ? 38 : 45) + Math.sin(minute / 2 + index)).toFixed(2)),
          voltage_volts: Number(voltage.toFixed(3)),
          current_amperes: Number((isDead ? 0 : power / voltage).toFixed(3)),
          power_output_watts: Number(power.toFixed(2)),
          ...(index === 0 && { irradiance_wm2: Number((900 + 4 * Math.sin(minute / 5)).toFixed(1)) }),
        }
        return field.publishAsync(topicOf('panel', panelId), JSON.stringify(reading), { qos: 1 })
      }),
    )
  }
  await field.endAsync()
  const stored = `select count(*)::int as count from panel_reading join device using (device_key) where device_id = any($1)`
  await waitUntil(
    'the readings of the plant',
    async () =>
      (await system.database.query<{ count: number }>(stored, [panels]))[0]!.count === panels.length * minutes.length,
    patient,
  )
  await waitUntil('their roll-ups', async () => {
    const { body } = await admin.get('/api/health')
    return (
      (body as { consumers: Record<string, { readingsBehind: number }> }).consumers['rollups']!.readingsBehind === 0
    )
  })
  for (const panelId of panels) {
    const moved = await admin.patch(`/api/registry/devices/${panelId}`, { siteId: site })
    assert.equal(moved.status, 200, moved.text)
  }
}
