import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { Page } from 'playwright-core'
import { waitUntil } from '../waiting.fixture.ts'
import type { ConsoleStage } from './console-stage.fixture.ts'
import { measuredUnit, measurementSince, newestStart } from './measured-week.fixture.ts'

interface ApiWindow {
  readonly valid: boolean
  readonly bandA: string | null
  readonly bandB: string | null
  readonly bandC: string | null
}
interface ApiUnit {
  readonly week: { readonly until: string; readonly precariousWindows: number; readonly criticalWindows: number }
}

const windowMs = 600_000
const weekMs = 1_008 * windowMs
const states = ['adequate', 'precarious', 'critical', 'invalid', 'none'] as const

/** Evenings sag in phase A; once it was critical, once the supply was away, and for a while the meter was silent. */
function saggingAt(start: number, newest: number): readonly [number, number, number] | undefined {
  const index = Math.round((newest - start) / windowMs)
  if (index >= 300 && index < 320) return undefined
  if (index === 400 || index === 401) return [5, 5, 5]
  if (index >= 200 && index < 203) return [108, 127, 128]
  return [index % 144 >= 60 && index % 144 < 64 ? 114.4 : 126.3, 127.1, 128.2]
}

/** Voltage quality: the week of a unit, official measurements, and what is due. */
export function describeVoltage(stage: () => ConsoleStage): void {
  describe('voltage quality', () => {
    before(async function () {
      this.timeout(180_000)
      const { system, caller } = stage()
      const newest = newestStart(Date.now())
      await measuredUnit(system, 'house-1', 8, (start) => saggingAt(start, newest))
      // Seven windows a day are too many: 49 of the 30 that the limit allows.
      await measuredUnit(system, 'house-2', 9, (start) => [
        ...([Math.round((newest - start) / windowMs) % 144 < 7 ? 114.4 : 126.3, 127.1, 128.2] as const),
      ])
      const months = [new Date(Date.now() - 30 * 86_400_000), new Date()].map((at) => at.toISOString().slice(0, 7))
      const items = [...new Set(months)].map((month) => ({
        ...{ unitId: 'house-2', month, eusdBrl: 61.37, source: 'billing' },
      }))
      const charged = await caller('admin').post('/api/quality/voltage/charges', { items })
      assert.equal(charged.status, 200, charged.text)
      await measurementSince(system, 'house-1', { kind: 'complaint', days: 4 })
      await measurementSince(system, 'house-2', { kind: 'sample', days: 8 })
      const lines = async () => (await caller('viewer').get('/api/quality/voltage/compensation')).body.items
      await waitUntil(
        'the compensation',
        async () => (await lines()).some((line: { amountBrl: number }) => line.amountBrl > 0),
        {
          withinMs: 60_000,
        },
      )
    })

    /** What the strip of a unit says in numbers, by phase. */
    const countsOn = (page: Page): Promise<Record<string, number[]>> =>
      page
        .locator('.lv-voltage-counts tbody tr')
        .evaluateAll((rows) =>
          Object.fromEntries(
            rows.map((row) => [
              row.getAttribute('data-phase'),
              [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent!.replace(/\D/g, ''))),
            ]),
          ),
        )

    /** The same from the API's windows. */
    async function countsByApi(unitId: string): Promise<Record<string, number[]>> {
      const viewer = stage().caller('viewer')
      const { week } = (await viewer.get(`/api/quality/voltage/units/${unitId}`)).body as ApiUnit
      const from = new Date(Date.parse(week.until) - weekMs).toISOString()
      const path = `/api/quality/voltage/units/${unitId}/windows?from=${from}&to=${week.until}&limit=1008`
      const { items } = (await viewer.get(path)).body as { items: ApiWindow[] }
      const counts = (field: 'bandA' | 'bandB' | 'bandC'): number[] => {
        const found = states.map(
          (state) => items.filter((each) => (each.valid ? each[field] : 'invalid') === state).length,
        )
        return [...found.slice(0, 4), 1_008 - items.length, 1_008]
      }
      const byPhase = { A: counts('bandA'), B: counts('bandB'), C: counts('bandC') }
      assert.equal(Math.max(...Object.values(byPhase).map(([, precarious]) => precarious!)), week.precariousWindows)
      return byPhase
    }

    it('shows the week of a unit that somebody chooses: the counts are those of the API', async () => {
      const page = await stage().open('voltage', 'operator')
      await page.getByRole('heading', { level: 1, name: 'Tensão' }).waitFor()
      await page.locator('.lv-voltage-units').getByRole('button', { name: 'Ver a semana de house-1' }).click()
      await page.getByRole('heading', { name: 'Semana de house-1' }).waitFor()
      await page.locator('.lv-voltage-counts').waitFor()
      const shown = await countsOn(page)
      assert.deepEqual(shown, await countsByApi('house-1'))
      assert.equal(shown['A']![1], 28)
      assert.equal(shown['A']![2], 3)
      assert.equal(shown['A']![3], 2)
      // Windows are closed while this is looked at: those that are newer than what was sent are silent too.
      assert.ok(shown['A']![4]! >= 20)
      assert.ok(page.url().endsWith('/dashboard/voltage?unit=house-1'))
      // Each state that is there is drawn, in its phase.
      const drawn = (phase: string) =>
        page
          .locator(`[data-phase="${phase}"] svg path[data-state]`)
          .evaluateAll((paths) => paths.map((path) => path.getAttribute('data-state')))
      assert.deepEqual(await drawn('A'), ['adequate', 'precarious', 'critical', 'invalid'])
      assert.deepEqual(await drawn('B'), ['adequate', 'invalid'])
      const invalid = page.getByRole('region', { name: 'Janelas expurgadas e por quê' })
      assert.equal(await invalid.getByRole('row').count(), 1 + shown['A']![3]!)
      assert.match(await invalid.innerText(), /Interrupção/)
      await stage().checkAccess(page)
      await stage().picture(page, 'voltage-light')
      assert.deepEqual(stage().complaints(), [])
    })

    it('is gone through by keys and by the pointer, and tells each window', async () => {
      const page = await stage().open('voltage?unit=house-1', 'viewer', { locale: 'en-US', colorScheme: 'dark' })
      const strip = page.getByRole('slider')
      await strip.focus()
      await page.keyboard.press('End')
      await page.keyboard.press('ArrowUp')
      const told = (): Promise<string | null> => strip.getAttribute('aria-valuetext')
      assert.match((await told())!, /Phase A 126\.3 V adequate · Phase B 127\.1 V adequate/)
      for (let back = 0; back < 4; back++) await page.keyboard.press('PageUp')
      assert.match((await told())!, /Phase A 114\.4 V precarious/)
      await page.keyboard.press('Home')
      for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowDown')
      const before = await told()
      const svg = page.locator('[data-phase="A"] > svg')
      const { x, y, width, height } = (await svg.boundingBox())!
      await page.mouse.move(x + width / 2, y + height / 2)
      assert.notEqual(await told(), before)
      await stage().checkAccess(page)
      await stage().picture(page, 'voltage-dark')
      assert.deepEqual(stage().complaints(), [])
    })

    it('shows measurements with budget and forecast, samples, and compensation with its explanation', async () => {
      const page = await stage().open('voltage', 'viewer', { locale: 'en-US', viewport: { width: 800, height: 1_100 } })
      const row = page.locator('.lv-voltage-measurements tr[data-unit="house-1"]')
      await row
        .getByText(/windows used/)
        .first()
        .waitFor()
      const said = await row.innerText()
      assert.match(said, /Complaint/)
      assert.match(said, /of 30 windows used/)
      assert.match(said, /3 of 5 windows used/)
      assert.match(said, /probability \d+%/)
      const money = page.locator('.lv-voltage-money tbody tr', { hasText: 'house-2' }).first()
      await money.locator('summary').click()
      const { items } = (await stage().caller('viewer').get('/api/quality/voltage/compensation')).body as {
        items: { amountBrl: number; explained: { rule: { source: string } } }[]
      }
      const text = await money.innerText()
      assert.ok(text.includes(`R$${items[0]!.amountBrl.toFixed(2)}`), text)
      assert.ok(text.includes(items[0]!.explained.rule.source), text)
      const samples = page.getByRole('region', { name: 'Collective indicators' })
      assert.match(await samples.innerText(), /-Q[1-4]/)
      await stage().checkAccess(page)
      await stage().picture(page, 'voltage-tablet')
      assert.deepEqual(stage().complaints(), [])
    })

    it('says what is wrong with a unit that nobody knows', async () => {
      const page = await stage().open('voltage', 'viewer')
      await page.getByLabel('Unidade (identificador)').fill('nowhere')
      await page.getByRole('button', { name: 'Ver a semana', exact: true }).click()
      await page
        .getByRole('alert')
        .getByText(/nowhere/)
        .waitFor()
      // The browser itself notes the 404.
      assert.deepEqual(
        stage()
          .complaints()
          .filter((line) => !line.includes('404')),
        [],
      )
    })
  })
}
