import assert from 'node:assert/strict'
import { clearTimes, type SkyIndex } from './clear-times.ts'

const minutes = 60_000
const day = (indexAt: (slot: number) => number | null, sunElevationDeg = 50): SkyIndex[] =>
  Array.from({ length: 60 }, (_, slot) => ({ at: slot * 5 * minutes, index: indexAt(slot) }))
    .filter((one): one is { at: number; index: number } => one.index !== null)
    .map((one) => ({ ...one, sunElevationDeg }))

describe('times without clouds', () => {
  it('are calm, also where the panels are dirty or the air is', () => {
    for (const level of [0.7, 0.95, 1.1])
      assert.ok(clearTimes(day((slot) => level + 0.0005 * slot + (slot % 2) * 0.004)).size >= 52, String(level))
  })

  it('are not those of broken or dark skies, nor of a low sun', () => {
    assert.equal(clearTimes(day((slot) => (slot % 3 === 0 ? 0.7 : 0.95))).size, 0)
    assert.equal(clearTimes(day(() => 0.4)).size, 0)
    assert.equal(clearTimes(day(() => 0.95, 15)).size, 0)
  })

  it('end half an hour before a cloud and begin half an hour behind it', () => {
    const clear = clearTimes(day((slot) => (slot === 30 ? 0.5 : 0.95)))
    const cloudy = Array.from({ length: 60 }, (_, slot) => slot).filter((slot) => !clear.has(slot * 5 * minutes))
    // At the ends of the day there is less than half of the window.
    const middle = cloudy.filter((slot) => slot > 10 && slot < 50)
    assert.deepEqual(middle, [24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36])
  })

  it('are not told by readings that are mostly missing', () => {
    assert.equal(clearTimes(day((slot) => (slot % 2 === 0 ? 0.95 : null))).size, 0)
    assert.equal(clearTimes([]).size, 0)
  })
})
