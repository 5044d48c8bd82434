import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { baselines, laxity } from './baselines.ts'
import { workedCases } from './cases.samples.ts'
import { charge } from './charging.ts'

describe('what others do', () => {
  for (const [name, { charging, delivered }] of Object.entries(workedCases))
    for (const method of baselines)
      it(`${name}: ${method.name}`, async () => {
        const run = await charge(charging, method)
        const expected: Readonly<Record<string, number>> = delivered[method.name as keyof typeof delivered]
        for (const [id, kwh] of Object.entries(expected))
          assert.ok(
            Math.abs(run.deliveredKwh.get(id)! - kwh) < 1e-9,
            `${id} got ${run.deliveredKwh.get(id)} kWh, not ${kwh}`,
          )
        assert.deepEqual([run.violations, run.violationsBeforeRounding ?? 0], [0, 0])
      })

  it('laxity is what a car could wait', () =>
    assert.equal(
      laxity({ deviceId: 'a', arrival: 0, departure: 7_200_000, remainingKwh: 3, maxKw: 6 }, 3_600_000),
      1_800_000,
    ))
})
