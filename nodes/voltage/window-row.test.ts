import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { windowColumns, windowOfRow, type WindowRow } from './window-row.ts'

describe('a window of a row', function () {
  this.timeout(60_000)
  const store = useDatabase()
  const ask = async (reason: string | null, evidence: object | null) => {
    const [row] = await store.database.query<WindowRow & { deviceKey: number }>(
      `select 7 as "deviceKey", ${windowColumns('w')}
       from (select to_timestamp(1800000000) as at, 126.5::float8 as va_v, null::float8 as vb_v, null::float8 as vc_v,
         0.5::real as coverage, 'adequate'::voltage_band as band_a, null::voltage_band as band_b, null::voltage_band as band_c,
         $1::invalid_window as invalid_reason, $2::jsonb as evidence) w`,
      [reason, evidence && JSON.stringify(evidence)],
    )
    return windowOfRow(row!)
  }
  const whole = {
    ...{ deviceKey: 7, start: 1_800_000_000_000, volts: [126.5, null, null], coverage: 0.5 },
    bands: ['adequate', null, null],
  }

  it('that counts is not invalid, and keeps what else the row says', async () =>
    assert.deepEqual(await ask(null, null), whole))

  it('that does not says why and what shows it', async () =>
    assert.deepEqual(await ask('coverage', { coverage: 0.5 }), {
      ...whole,
      invalid: { reason: 'coverage', evidence: { coverage: 0.5 } },
    }))
})
