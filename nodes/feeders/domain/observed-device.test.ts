import assert from 'node:assert/strict'
import { capacityOf, fallbackOf, leastOnOf } from './observed-device.ts'
import { observed } from './observed-device.fixture.ts'

describe('what the registry leaves open of a device', () => {
  it('is, of a car, 6 A on each of its phases', () => {
    assert.equal(leastOnOf(observed()), 2.286)
    assert.equal(leastOnOf(observed({ phases: ['B'], phaseVoltageV: 230 })), 1.38)
    assert.equal(leastOnOf(observed({ leastKw: 3 })), 3)
    assert.equal(leastOnOf(observed({ kind: 'battery' })), 0)
    // No more than it can draw at all.
    assert.equal(leastOnOf(observed({ ratedKw: 2 })), 2)
  })

  it('is safe for who consumes: no charging, a battery at rest, a PV at all it can', () => {
    assert.equal(fallbackOf(observed()), 0)
    assert.equal(fallbackOf(observed({ kind: 'battery' })), 0)
    assert.equal(fallbackOf(observed({ kind: 'pv' })), -7.4)
    assert.equal(fallbackOf(observed({ kind: 'pv', fallbackKw: -1 })), -1)
    assert.ok(Object.is(fallbackOf(observed({ kind: 'pv', ratedKw: 0 })), 0))
  })

  it('is, of a battery, two hours of its power', () => {
    assert.equal(capacityOf(observed({ kind: 'battery', ratedKw: 5 })), 10)
    assert.equal(capacityOf(observed({ kind: 'battery', capacityKwh: 13.5 })), 13.5)
  })
})
