import assert from 'node:assert/strict'
import type { HalfHour } from './day.ts'
import { rememberShadows, shading, type Shadow } from './shading.ts'

/** A day of sun from 8 to 16 h. @param power  by half hour */
const day = (power: (bin: number) => number, sunny = 6): HalfHour[] =>
  Array.from({ length: 16 }, (_, index) => {
    const bin = 16 + index
    return {
      bin,
      slots: 6,
      sunny,
      sunnyPower: power(bin),
      power: power(bin),
      voltage: 1,
      current: power(bin),
      warmerC: 0,
    }
  })
const shaded = day((bin) => (bin >= 28 && bin < 31 ? 0.6 : 1))
const well = day(() => 1)
const clouds = day((bin) => (bin >= 28 && bin < 31 ? 0.98 : 1), 0)

/** What is said as each day closes. */
function over(days: readonly HalfHour[][]): string[] {
  let shadows: Shadow[] = []
  let isLasting = false
  return days.map((halfHours, index) => {
    shadows = rememberShadows(shadows, halfHours, index)
    const { says } = shading(shadows, halfHours, isLasting)
    isLasting = says === 'holds' || (isLasting && says === 'unknown')
    return says
  })
}

describe('a shadow', () => {
  it('is low at the same time of three sunny days', () =>
    assert.deepEqual(over([shaded, shaded, shaded]), ['clear', 'clear', 'holds']))
  it('is not seen under clouds, which prove nothing', () =>
    assert.deepEqual(over([shaded, clouds, shaded, clouds, shaded, clouds]), [
      'clear',
      'unknown',
      'clear',
      'unknown',
      'holds',
      'unknown',
    ]))
  it('is over after two of three days without', () =>
    assert.deepEqual(over([shaded, shaded, shaded, well, well]).slice(2), ['holds', 'holds', 'clear']))
  it('is none where the whole day is low, or once a different hour', () => {
    const low = day((bin) => (bin < 20 ? 1 : 0.6))
    assert.ok(!over([low, low, low, low]).includes('holds'))
    const wandering = [18, 21, 24, 27].map((hour) => day((bin) => (bin === hour ? 0.5 : 1)))
    assert.ok(!over(wandering).includes('holds'))
  })
  it('is forgotten a month after the sun last stood there', () => {
    const shadows = rememberShadows(rememberShadows([], shaded, 0), [], 30)
    assert.equal(shadows.length, 16)
    assert.deepEqual(rememberShadows(shadows, [], 31), [])
  })
})
