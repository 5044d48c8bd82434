import assert from 'node:assert/strict'
import { Value } from '@sinclair/typebox/value'
import { continuityCompensationOf } from '../domain/compensation.ts'
import type { IndividualLimits } from '../domain/individual-limits.ts'
import { ContinuityCompensationSchema, IndividualLimitsSchema } from './money-fields.ts'

describe('a compensation as it goes out', () => {
  const limits: IndividualLimits = { dicH: 8, fic: 5, dmicH: 6, dicriH: 8, diseH: null, source: 'entered' }

  it('has all of its items, with what explains them', () => {
    const compensation = continuityCompensationOf({
      ...{ month: '2026-03', voltageClass: 'BT', vrcBrl: 60, limits },
      choices: {
        'continuity-compensated-value': 'whole',
        'continuity-compensation-cap': 'per-month',
        'continuity-individual-precision': 'exact',
      },
      unitMonth: { dicMs: 36e6, fic: 9, dmicMs: 36e6, dicri: [{ interruptionId: 1, ms: 36e6 }], dise: [] },
    })
    assert.equal(compensation.items.length, 4)
    assert.ok(Value.Check(ContinuityCompensationSchema, compensation))
  })

  it('has limits, which may be none for an event', () => assert.ok(Value.Check(IndividualLimitsSchema, limits)))
})
