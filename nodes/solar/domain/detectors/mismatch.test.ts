import assert from 'node:assert/strict'
import { mismatch } from './mismatch.ts'
import { viewOf } from './site-days.fixture.ts'
import { unusual } from './unusual.ts'

describe('a mismatch', () => {
  const at = (power: number | null, isLasting = false, siblings = 5) =>
    mismatch(viewOf({ power, siblings }), 1, isLasting).says
  it('is 15 % less than the siblings, until it is less than 8 %', () =>
    assert.deepEqual([at(0.849), at(0.85), at(0.919, true), at(0.92, true)], ['holds', 'clear', 'holds', 'clear']))
  it('is judged beside three siblings, in the sun', () => {
    assert.deepEqual([at(0.5, false, 2), at(null)], ['unknown', 'unknown'])
    assert.equal(mismatch(viewOf({ power: 0.5 }, {}, { irradianceWm2: 249 }), 1, false).says, 'unknown')
  })
  it('is held against what the panel usually gives', () =>
    assert.equal(mismatch(viewOf({ power: 0.84 }), 0.95, false).says, 'clear'))
})

describe('what the forest finds unusual', () => {
  const at = (score: number | null, isLasting = false) => unusual(viewOf(), score, isLasting).says
  it('scores 0.7, until it is below 0.6', () =>
    assert.deepEqual([at(0.69), at(0.7), at(0.6, true), at(0.59, true)], ['clear', 'holds', 'holds', 'clear']))
  it('is nothing where there is no forest, or no sun', () => {
    assert.equal(at(null), 'unknown')
    assert.equal(unusual(viewOf({ isJudged: false }), 0.9, false).says, 'unknown')
  })
})
