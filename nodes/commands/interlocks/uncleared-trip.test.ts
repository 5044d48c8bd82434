import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { field, intended, said } from './surroundings.fixture.ts'
import { unclearedTrip } from './uncleared-trip.ts'

describe('closing onto an uncleared trip', () => {
  const tripped = { closed: { 'sw-a': '' }, unclearedTrips: new Set(['sw-a']) }

  it('what has tripped is not closed, and says so', () => {
    assert.deepEqual(said(unclearedTrip, intended('close', 'sw-a'), field(tripped)), [
      'sw-a has tripped, and nobody has cleared that: what lies behind it may be at fault',
    ])
  })
  it('nor is what lies behind it closed onto from the other side', () => {
    assert.equal(said(unclearedTrip, intended('close', 'tie'), field(tripped)).length, 1)
  })
  it('what was given supply from elsewhere since then has shown that it is sound', () => {
    const fed = { closed: { 'sw-a': '', tie: 'ABC', 'fu-a': '' }, unclearedTrips: new Set(['sw-a']) }
    assert.deepEqual(said(unclearedTrip, intended('close', 'fu-a'), field(fed)), [])
  })
  it('a switch elsewhere closes', () => {
    const both = { closed: { 'sw-a': '', 'sw-b': '' }, unclearedTrips: new Set(['sw-a']) }
    assert.deepEqual(said(unclearedTrip, intended('close', 'sw-b'), field(both)), [])
  })
  it('a cleared trip is none', () => {
    assert.deepEqual(said(unclearedTrip, intended('close', 'sw-a'), field({ closed: { 'sw-a': '' } })), [])
  })
})
