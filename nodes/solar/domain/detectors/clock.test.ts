import assert from 'node:assert/strict'
import { wrongClock } from './clock.ts'
import { viewOf } from './site-days.fixture.ts'

describe('power by night', () => {
  const night = (powerW: number | null, sunElevationDeg: number | null = -20) =>
    viewOf({ isJudged: false }, { powerW }, { sunElevationDeg })
  for (const [powerW, sunElevationDeg, says] of [
    [100, -20, 'holds'],
    [13, -4, 'holds'],
    [11, -20, 'clear'],
    [0, -20, 'clear'],
    [100, -3, 'unknown'],
    [100, null, 'unknown'],
    [null, -20, 'unknown'],
  ] as const)
    it(`${powerW} W at ${sunElevationDeg}°: ${says}`, () =>
      assert.equal(wrongClock(night(powerW, sunElevationDeg), false).says, says))

  it('that does not move is a sensor that is stuck', () => assert.equal(wrongClock(night(100), true).says, 'unknown'))
})
