import assert from 'node:assert/strict'
import { ruleOn } from '../../../platform/regulation/regulated.ts'
import { flickerLimits } from './flicker.ts'

describe('limits of Pst95 %', () => {
  it('are 1, 1.5 and 2 pu', () =>
    assert.deepEqual(ruleOn('flicker', flickerLimits, '2026-11-21').value, { BT: 1, MT: 1.5, AT: 2 }))
})
