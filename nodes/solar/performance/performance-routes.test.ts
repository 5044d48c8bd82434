import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { noYield } from '../domain/performance.ts'
import { findPlant } from '../slots/plant-repository.ts'
import { dayMs, june, juneBegins, seedRoof } from '../slots/seeded-plant.fixture.ts'
import { dayFigures } from './day-figures.ts'
import { writeDay } from './day-repository.ts'
import { writePlantSlots } from './plant-slot-repository.ts'

import { performanceRoutes } from './performance-routes.ts'

const hourMs = 3_600_000
const sums = {
  ...noYield,
  ...{ hours: 24, daylightHours: 10, energyWh: 1_800, ratedWh: 9_600, daylightWh: 1_800, expectedWh: 2_000 },
}

describe('what panels and sites generate, over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [performanceRoutes] })

  before(async () => {
    const { database } = api.database
    platformClock.set({ at: juneBegins + dayMs + 12 * hourMs, rate: 0.001 })
    await seedRoof(database, 2)
    const { keyOf, plantId } = (await findPlant(database, 'roof'))!
    for (const table of ['solar_panel_day', 'solar_plant_slot'])
      await database.query('select ensure_partition($1, to_timestamp($2::float8 / 1000))', [table, juneBegins])
    const panels = [...keyOf.values()].map((deviceKey) => ({ deviceKey, ratedW: 400, sums }))
    const written = { plantId, tariffBrlPerKwh: 0.8, panels }
    await writeDay(database, { ...written, day: june, beginsAt: juneBegins, isFinal: true })
    await writeDay(database, { ...written, day: '2026-06-11', beginsAt: juneBegins + dayMs, isFinal: false, panels: panels.slice(0, 1) }) // prettier-ignore
    const slot = {
      powerW: 500,
      expectedW: 560,
      irradianceWm2: 700,
      basis: 'siblings' as const,
      reporting: 2,
      panels: 2,
    }
    await writePlantSlots(database, plantId, [
      { at: juneBegins + 10 * hourMs, ...slot },
      { at: juneBegins + dayMs + 10 * hourMs, ...slot },
    ])
  })
  after(() => platformClock.set(undefined))

  it('has the days of a panel, newest first, with what was lost', async () => {
    const { status, body } = await api.as('viewer').get('/api/panels/p-1/performance')
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.panelId, body.siteId, body.items.length], ['p-1', 'roof', 2])
    const [today, yesterday] = body.items
    assert.deepEqual([today.date, today.isFinal, yesterday.date, yesterday.isFinal], ['2026-06-11', false, june, true])
    assert.deepEqual(
      [yesterday.energyKwh, yesterday.expectedKwh, yesterday.lostKwh, yesterday.lostBrl, yesterday.performanceIndex],
      [1.8, 2, 0.2, 0.16, 0.9],
    )
    assert.deepEqual([yesterday.specificYield, yesterday.efficiencyPct, yesterday.performanceRatio], [4.5, 18.75, null])
    const one = await api.as('viewer').get('/api/panels/p-1/performance?days=1')
    assert.equal(one.body.items.length, 1)
  })

  it('has a site with its days, panels, slots and what is amiss', async () => {
    const { status, body } = await api.as('viewer').get('/api/sites/roof/solar')
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.ratedKw, body.placeIsKnown, body.feederId, body.state], [0.8, true, 'f-1', 'well'])
    assert.deepEqual(
      body.items.map(({ date, energyKwh, panels }: never) => [date, energyKwh, panels]),
      [
        ['2026-06-11', 1.8, 1],
        [june, 3.6, 2],
      ],
    )
    assert.deepEqual(
      body.panels.map(({ panelId, today }: never) => [panelId, today !== null]),
      [
        ['p-1', true],
        ['p-2', false],
      ],
    )
    assert.deepEqual([body.slots.length, body.slots[0].powerW, body.anomalies], [1, 500, []])
    const { text } = await api.as('viewer').get('/api/sites/roof/solar', { accept: 'text/csv' })
    assert.match(text, /^date,isFinal,ratedKw,energyKwh,.*panels\r\n2026-06-11,false,0.4,1.8,/)
  })

  it('knows a site without panels, and refuses what is not there', async () => {
    const bare = (await api.as('viewer').get('/api/sites/bare/solar')).body
    assert.deepEqual([bare.state, bare.items, bare.placeIsKnown], ['unknown', [], false])
    assert.equal((await api.as('viewer').get('/api/sites/nowhere/solar')).status, 404)
    assert.equal((await api.as('viewer').get('/api/panels/nobody/performance')).status, 404)
    assert.equal((await api.as('viewer').get('/api/panels/p-1/performance?days=0')).status, 400)
    assert.equal((await api.as().get('/api/sites/roof/solar')).status, 401)
  })

  it('has no money where there is no tariff', () => {
    const day = { day: june, ratedW: 400, tariffBrlPerKwh: null, sums }
    assert.equal(dayFigures(day, 'roof').lostBrl, null)
    assert.equal(dayFigures({ ...day, tariffBrlPerKwh: 0.999 }, null).lostBrl, 0.19)
  })
})
