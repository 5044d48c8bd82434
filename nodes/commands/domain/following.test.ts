import assert from 'node:assert/strict'
import { toleranceKw } from './following.ts'

describe('how far from its setpoint a device still follows it', () => {
  for (const [ratedKw, within] of [
    [10, 0.5],
    [-10, 0.5],
    [2, 0.1],
    [1, 0.1],
    [0, 0.1],
  ] as const)
    it(`rated ${ratedKw} kW: ${within} kW`, () => assert.equal(toleranceKw(ratedKw), within))
})
