import assert from 'node:assert/strict'
import { continuityOptions } from './continuity-options.ts'

describe('what is uncertain about continuity', () => {
  const defaults = Object.fromEntries(Object.entries(continuityOptions).map(([key, option]) => [key, option.default]))

  it('is by default as the sources that there are have it', () => {
    assert.equal(defaults['continuity-month-crossing'], 'split')
    assert.equal(defaults['continuity-critical-day-crossing'], 'start')
    assert.equal(defaults['continuity-critical-day-sigma'], 'population')
    assert.equal(defaults['continuity-critical-day-history'], 'all-days')
    assert.equal(defaults['continuity-history-months'], 24)
    assert.equal(defaults['continuity-compensated-value'], 'whole')
    assert.equal(defaults['continuity-compensation-cap'], 'per-indicator')
    assert.equal(defaults['continuity-short-outages'], 'contiguous-whole')
    assert.equal(defaults['continuity-programmed-warning-hours'], 72)
  })

  it('says where sources conflict', () => {
    const conflicting = Object.entries(continuityOptions).filter(([, { confidence }]) => confidence === 'conflicting')
    assert.deepEqual(conflicting.map(([key]) => key).toSorted(), [
      'continuity-compensated-value',
      'continuity-critical-day-history',
      'continuity-individual-precision',
      'continuity-year-aggregation',
    ])
  })

  it('is named as what it is about', () => {
    for (const key of Object.keys(continuityOptions)) assert.match(key, /^continuity-/)
  })
})
