import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { rowsOfPanel } from './shown-rows.fixture.ts'
import { bandsOfMeters } from './voltage-bands.ts'

const at = Date.parse('2026-11-23T12:00:00Z')
const hourMs = 3_600_000
const looked = (hours: number) => ({ chosen: { feeder: ['f-1'] }, from: at + hourMs - hours * hourMs, to: at + hourMs })

describe('meters outside the adequate band', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(() =>
    test.database.query(
      `insert into feeder (feeder_id) values ('f-1'), ('f-2');
       insert into device (device_id, kind, status, feeder_id)
       values ('m-1', 'meter', 'active', 'f-1'), ('m-2', 'meter', 'active', 'f-1'), ('m-3', 'meter', 'active', 'f-2');
       select ensure_partition('voltage_window', '2026-11-23T12:00:00Z');
       insert into voltage_window (device_key, at, changed, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence)
       select device_key, given.at, 1, 200, 200, 200, 1, 'adequate', band::voltage_band, 'adequate', invalid::invalid_window,
         case when invalid is not null then '{}'::jsonb end
       from device join (values
         ('m-1', timestamptz '2026-11-23T12:00:00Z', 'precarious', null), ('m-2', '2026-11-23T12:00:00Z', 'critical', null),
         ('m-1', '2026-11-23T12:10:00Z', 'precarious', null), ('m-2', '2026-11-23T12:10:00Z', 'precarious', null),
         ('m-1', '2026-11-23T12:20:00Z', 'critical', 'interruption'), ('m-2', '2026-11-23T12:20:00Z', 'adequate', null),
         ('m-3', '2026-11-23T12:00:00Z', 'critical', null)
       ) given (device_id, at, band, invalid) using (device_id)`,
    ),
  )

  const shown = async (hours: number) =>
    (await rowsOfPanel<Record<string, unknown>>(test.database, bandsOfMeters(), looked(hours))).map((row) => [
      ((row['time'] as Date).getTime() - at) / 60_000,
      Number(row['Precária']),
      Number(row['Crítica']),
    ])

  it('are counted by their worst phase in each valid window', async () =>
    assert.deepEqual(await shown(1), [
      [0, 1, 1],
      [10, 2, 0],
      [20, 0, 0],
    ]))

  it('are the most of each hour beyond two days', async () => assert.deepEqual(await shown(72), [[0, 2, 1]]))
})
