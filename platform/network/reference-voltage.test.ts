import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { referenceVoltage } from './reference-voltage.ts'

describe('the reference voltage of a unit', function () {
  this.timeout(60_000)
  const store = useDatabase()

  for (const [nominalV, contractedV, referenceV] of [
    [220, null, 220],
    [13_800, null, 13_800],
    [13_800, 14_490, 14_490],
    // Below 2.3 kV nothing is contracted, whatever somebody wrote there.
    [2_300, 2_400, 2_300],
    [220, 13_800, 220],
  ] as const)
    it(`of ${nominalV} V, contracted ${contractedV ?? 'none'}, is ${referenceV} V`, async () => {
      const [unit] = await store.database.query<{ volts: number }>(
        `select ${referenceVoltage} as volts
         from (select $1::float8 as nominal_voltage_v, $2::float8 as contracted_voltage_v) u`,
        [nominalV, contractedV],
      )
      assert.equal(unit!.volts, referenceV)
    })
})
