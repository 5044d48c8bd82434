import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { seedInterruptions } from '../../nodes/continuity/interruptions/seeded-interruptions.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { interruptedNow, interruptedOverTime, interruptionsInPeriod } from './interrupted-units.ts'
import { rowsOfPanel } from './shown-rows.fixture.ts'

const at = Date.parse('2026-11-23T12:00:00Z')
const minuteMs = 60_000
const looked = { chosen: { feeder: ['f-1'] }, from: at, to: at + 60 * minuteMs }

describe('interrupted units', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await database.query(
      `insert into feeder (feeder_id) values ('f-1'), ('f-2');
       insert into site (site_id, feeder_id) values ('s-1', 'f-1'), ('s-2', 'f-2');
       insert into consumer_unit (unit_id, site_id, feeder_id, nominal_voltage_v)
       values ('u-1', 's-1', 'f-1', 220), ('u-2', 's-1', 'f-1', 220), ('u-3', 's-2', 'f-2', 220)`,
    )
    await seedInterruptions(
      database,
      [
        // It began before what is shown, and ends within it.
        { feederId: 'f-1', units: [{ unitId: 'u-1', from: at - 30 * minuteMs, until: at + 10 * minuteMs }] },
        { feederId: 'f-1', units: [{ unitId: 'u-2', from: at + 5 * minuteMs, until: null }] },
        { feederId: 'f-1', units: [{ unitId: 'u-1', from: at - 90 * minuteMs, until: at - 60 * minuteMs }] },
        { feederId: 'f-2', units: [{ unitId: 'u-3', from: at, until: null }] },
      ],
      at + 60 * minuteMs,
    )
  })

  it('are those of the chosen feeder that are without supply at the end', async () =>
    assert.deepEqual(await rowsOfPanel(test.database, interruptedNow(4), looked), [{ 'UC sem energia': '1' }]))

  it('are counted at each beginning and end', async () => {
    const rows = await rowsOfPanel<{ time: Date; value: number }>(test.database, interruptedOverTime(12), looked)
    assert.deepEqual(
      rows.map(({ time, value }) => [(time.getTime() - at) / minuteMs, value]),
      [
        [0, 1],
        [5, 2],
        [10, 1],
        [60, 1],
      ],
    )
  })

  it('are listed by interruption, newest first, with how long it took or has taken', async () => {
    const rows = await rowsOfPanel<Record<string, unknown>>(test.database, interruptionsInPeriod(), looked)
    assert.deepEqual(
      rows.map((row) => [row['Duração'], row['Em curso']]),
      [
        [55 * 60, true],
        [40 * 60, false],
      ],
    )
  })
})
