import assert from 'node:assert/strict'
import { ruleOn } from '../../../platform/regulation/regulated.ts'
import { distortions, harmonicLimits, uncertainAtHighVoltage } from './harmonics.ts'

describe('limits of harmonic distortion', () => {
  const { value: limits } = ruleOn('harmonics', harmonicLimits, '2026-11-21')

  it('fall from class to class, and no part may be more than the whole', () => {
    for (const distortion of distortions) {
      const { BT, MT, AT } = limits[distortion]
      assert.ok(BT! > MT! && MT! > AT!, distortion)
      for (const volts of ['BT', 'MT', 'AT'] as const) assert.ok(limits[distortion][volts]! <= limits.dtt[volts]!)
    }
  })

  it('of low voltage are 10, 2.5, 7.5 and 6.5 %', () =>
    assert.deepEqual(
      distortions.map((distortion) => limits[distortion].BT),
      [10, 2.5, 7.5, 6.5],
    ))

  it('are uncertain for the total and even harmonics, from 69 kV on', () =>
    assert.deepEqual([...uncertainAtHighVoltage], ['dtt', 'dttp']))
})
