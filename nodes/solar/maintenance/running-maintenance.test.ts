import assert from 'node:assert/strict'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { MadeForecast } from './forecast-repository.ts'
import { panelForecasts, plantForecasts } from './forecast-repository.ts'
import { seedDays, seedPlants } from './plant-days.fixture.ts'
import { RunningMaintenance } from './running-maintenance.ts'
import { insertVisit } from './visit-repository.ts'

const last = '2026-05-20'
const morning = Date.parse('2026-05-21T09:00:00Z')

describe('running maintenance', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let now = morning
  const made: MadeForecast[] = []
  const faults: string[] = []
  let running: RunningMaintenance | undefined

  before(async () => {
    await seedPlants(test.database)
    for (const panel of ['broken', 'clean', 'dirty']) await seedDays(test.database, panel, { days: 60, last })
    await seedDays(test.database, 'lone', { days: 60, last, isKnown: false })
  })
  afterEach(async () => {
    await running?.close()
    assert.deepEqual(faults, [])
  })

  const run = (): void => {
    made.length = 0
    running = new RunningMaintenance(test.database, {
      ...{ clock: { now: () => now }, clockIsSet: () => true, timeZone: 'America/Sao_Paulo' },
      made: (one) => made.push(one),
      report: (error) => faults.push(String(error)),
    })
  }
  const plants = () => plantForecasts(test.database, { plantId: null, due: false, after: undefined, most: 10 })
  const panels = (panelId: string | null = null) =>
    panelForecasts(test.database, { plantId: 'roof', panelId, after: undefined, most: 10 })

  it('forecasts each plant once, those first where a visit saves most', async () => {
    run()
    await waitUntil('both plants', () => made.length === 2)
    const [roof, lone] = await plants()
    assert.deepEqual([roof!.plantId, roof!.day, roof!.panels, roof!.daysUntil], ['roof', last, 3, 0])
    assert.equal(roof!.cleaningPays, true)
    // A third of 2 kWh for 180 days at R$ 1 from the broken panel alone.
    assert.ok(roof!.avoidedBrl! > 115, `${roof!.avoidedBrl}`)
    // Nobody knows what sun it had.
    assert.deepEqual([lone!.plantId, lone!.panels, lone!.avoidedBrl], ['panel/lone', 1, null])
    assert.deepEqual(
      (await panels()).map(({ panelId, daysUntil }) => [panelId, daysUntil === null ? null : Math.sign(daysUntil)]),
      [
        ['broken', 0],
        ['dirty', 1],
        ['clean', null],
      ],
    )
  })

  it('has nothing to do after a restart, until a day more is known', async () => {
    run()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    assert.equal(made.length, 0)
    await running!.close()
    now += 86_400_000
    await seedDays(test.database, 'lone', { days: 1, last: '2026-05-21' })
    run()
    await waitUntil('the plant of the new day', () => made.length === 1)
    assert.deepEqual([made[0]!.plantId, made[0]!.day], ['panel/lone', '2026-05-21'])
  })

  it('makes the same of the same days', async () => {
    const before = await panels()
    await test.database.query(`delete from solar_plant_maintenance where plant_id = 'roof'`)
    run()
    await waitUntil('the plant', () => made.length === 1)
    assert.deepEqual(await panels(), before)
  })

  it('begins the trend anew after a visit that was noted', async () => {
    const [before] = await panels('dirty')
    await insertVisit(test.database, {
      ...{ plantId: 'roof', panelId: 'dirty', what: 'cleaning', doneAt: now - 3_600_000, doneBy: 'team', note: null },
      ...{ notedBy: 'operator', notedAt: now },
    })
    run()
    await waitUntil('the plant', () => made.length === 1)
    const [after] = await panels('dirty')
    assert.ok(after!.ratio > before!.ratio + 0.08, `${before!.ratio} ${after!.ratio}`)
    assert.ok((after!.daysUntil ?? Infinity) > before!.daysUntil!)
    assert.ok(after!.soilingKwh < 0.3 * before!.soilingKwh)
  })

  it('reports a plant that it cannot forecast once, and goes on with the others', async () => {
    await test.database.query(`delete from solar_plant_maintenance`)
    await test.database.query(`update solar_panel_day set corrected_wh = 'NaN' where plant_id = 'roof'`)
    run()
    await waitUntil('the other plant', () => made.some(({ plantId }) => plantId === 'panel/lone'))
    await waitUntil('the fault', () => faults.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const [told, ...more] = faults.splice(0)
    assert.match(told!, /maintenance of plant roof on 2026-05-20: ratio of day \d+ is NaN/)
    assert.deepEqual([more, made.map(({ plantId }) => plantId)], [[], ['panel/lone']])
  })
})
