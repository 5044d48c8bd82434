import assert from 'node:assert/strict'
import { hotPanel, hotSpot } from './hot.ts'
import { viewOf } from './site-days.fixture.ts'

describe('a hot spot', () => {
  const warmer = (warmerC: number | null, irradianceWm2 = 1_000, usualC = 0, isLasting = false) =>
    hotSpot(viewOf({ warmerC }, { temperatureC: 60 }, { irradianceWm2 }), usualC, isLasting).says
  it('is warmer than its siblings by 9 °C at full sun', () => {
    assert.deepEqual([warmer(8.9), warmer(9), warmer(4.4, 500), warmer(4.5, 500)], ['clear', 'holds', 'clear', 'holds'])
    assert.equal(warmer(3.5, 320), 'clear')
  })
  it('is warmer than the panel usually is', () =>
    assert.deepEqual([warmer(12, 1_000, 4), warmer(13, 1_000, 4)], ['clear', 'holds']))
  it('lasts until it is below 6 °C', () =>
    assert.deepEqual([warmer(6, 1_000, 0, true), warmer(5.9, 1_000, 0, true)], ['holds', 'clear']))
  it('is not judged in little sun, without siblings, or where nobody draws power', () => {
    assert.deepEqual([warmer(20, 299), warmer(null)], ['unknown', 'unknown'])
    assert.equal(hotSpot(viewOf({ warmerC: 20, power: 0.1 }), 0, false).says, 'unknown')
  })
})

describe('a hot panel', () => {
  const at = (temperatureC: number | null, isLasting = false) => hotPanel(viewOf({}, { temperatureC }), isLasting).says
  it('is hotter than 75 °C, until it is below 70 °C', () =>
    assert.deepEqual(
      [at(74.9), at(75), at(70, true), at(69.9, true), at(null)],
      ['clear', 'holds', 'holds', 'clear', 'unknown'],
    ))
  it('is judged by day', () =>
    assert.equal(hotPanel(viewOf({ isJudged: false }, { temperatureC: 80 }), false).says, 'unknown'))
})
