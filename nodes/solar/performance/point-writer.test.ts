import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { noYield } from '../domain/performance.ts'
import { findPlant } from '../slots/plant-repository.ts'
import { june, juneBegins, seedRoof } from '../slots/seeded-plant.fixture.ts'
import { writeDay } from './day-repository.ts'
import { solarRoundLog } from './influx-log.ts'
import { writePlantSlots } from './plant-slot-repository.ts'
import { SolarPointWriter } from './point-writer.ts'
import { appendRound, forgetSlots, type SolarRound } from './round-repository.ts'

const hourMs = 3_600_000
const noon = juneBegins + 12 * hourMs
const sums = { ...noYield, hours: 1, energyWh: 300, ratedWh: 400 }

describe('the log that time series of panels follow', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const civilDay = { day: june, beginsAt: juneBegins }
  const round = (more: Partial<SolarRound>): SolarRound => ({
    ...{ plantId: 'roof', from: noon, to: noon, slots: 0, civilDay, panels: 0, recordedAt: noon },
    ...more,
  })

  before(async () => {
    const { database } = test
    await seedRoof(database, 2)
    const { keyOf, plantId } = (await findPlant(database, 'roof'))!
    for (const table of ['solar_panel_day', 'solar_plant_slot'])
      await database.query('select ensure_partition($1, to_timestamp($2::float8 / 1000))', [table, juneBegins])
    const panels = [...keyOf.values()].map((deviceKey) => ({ deviceKey, ratedW: 400, sums }))
    await writeDay(database, { ...civilDay, plantId, isFinal: false, tariffBrlPerKwh: null, panels })
    const slot = {
      powerW: 500,
      expectedW: 560,
      irradianceWm2: 700,
      basis: 'siblings' as const,
      reporting: 2,
      panels: 2,
    }
    await writePlantSlots(database, plantId, [{ at: noon, ...slot }])
    await database.transaction(async (client) => {
      await appendRound(queriesOf(client), round({ to: noon + 300_000, slots: 1 }))
      await appendRound(queriesOf(client), round({ panels: 2 }))
      await appendRound(queriesOf(client), round({ panels: 2 }))
    })
  })

  const after = (position: number, most: number) =>
    test.database.transaction((client) => solarRoundLog.after(client, position, most))

  it('has rounds in order, with as many points as they are worth', async () => {
    const all = await after(0, 5_000)
    assert.deepEqual(
      all.map(({ slots, panels, civilDay: { day, beginsAt } }) => [slots, panels, day, beginsAt]),
      [
        [1, 0, june, juneBegins],
        [0, 2, june, juneBegins],
        [0, 2, june, juneBegins],
      ],
    )
    assert.equal((await after(0, 1)).length, 1)
    assert.equal((await after(all[0]!.position, 5_000)).length, 2)
    assert.deepEqual(await solarRoundLog.lagAfter(test.database, all[0]!.position), { batches: 2, readings: 4 })
    assert.deepEqual(solarRoundLog.sizeOf(all[1]!), { items: 2, readings: 2 })
  })

  it('is written as points, a day that was computed twice once', async () => {
    const lines: string[] = []
    const sink = {
      write(some: string[]) {
        lines.push(...some)
        return Promise.resolve({ written: some.length, refused: 0 })
      },
    }
    const writer = new SolarPointWriter(test.database, sink, 1_000)
    const { signal } = new AbortController()
    assert.deepEqual(await writer.writeRounds(await after(0, 5_000), signal), { written: 4, refused: 0 })
    assert.deepEqual(
      lines.map((line) => line.split(' ')[0]),
      [
        'solar_site,feeder=f-1,site=roof',
        'solar_panel,feeder=f-1,panel=p-1,site=roof',
        'solar_panel,feeder=f-1,panel=p-2,site=roof',
        'solar_site_day,feeder=f-1,site=roof',
      ],
    )
    assert.match(lines[3]!, /energy_kwh=0.6,.*panels=2/)
    assert.deepEqual(await writer.writeRounds([], signal), { written: 0, refused: 0 })
  })

  it('ends where readings are no longer kept', async () => {
    await forgetSlots(test.database, noon + 1, noon + 400 * 24 * hourMs)
    assert.deepEqual(await after(0, 5_000), [])
  })
})
