import assert from 'node:assert/strict'
import { recommendationTexts, recommendationsFor } from './recommendation.ts'
import { viewOf } from './site-days.fixture.ts'

const sample = (temperatureC: number, powerW: number, voltageV: number) =>
  viewOf({}, { temperatureC, powerW, voltageV }).sample

describe('what is to be done', () => {
  it('follows the reading: above 60 °C, below 100 W, below 40 V, otherwise an inspection', () => {
    const of = (temperatureC: number, powerW: number, voltageV: number) =>
      recommendationsFor('mismatch', sample(temperatureC, powerW, voltageV), true)
    assert.deepEqual(of(60.1, 300, 41), ['check-cooling'])
    assert.deepEqual(of(45, 99, 41), ['look-for-dirt-or-damage'])
    assert.deepEqual(of(45, 300, 39.9), ['check-connections'])
    assert.deepEqual(of(61, 99, 39), ['check-cooling', 'look-for-dirt-or-damage', 'check-connections'])
    assert.deepEqual(of(60, 100, 40), ['schedule-inspection'])
  })

  it('is no dirt by night, when every panel is below 100 W', () =>
    assert.deepEqual(recommendationsFor('mismatch', sample(20, 0, 0), false), ['schedule-inspection']))

  it('is first what the kind says; a sensor that is wrong says nothing of its panel', () => {
    assert.equal(recommendationsFor('soiling', sample(61, 300, 41), true)[0], 'clean')
    assert.deepEqual(recommendationsFor('stuck_value', sample(61, 99, 39), true), ['check-sensor'])
  })

  it('has words in both languages', () => {
    for (const { en, pt } of Object.values(recommendationTexts)) assert.ok(en.length > 0 && pt.length > 0 && en !== pt)
  })
})
