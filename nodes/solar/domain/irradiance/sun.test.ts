import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sunAt } from './sun.ts'

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)

describe('the position of the sun', () => {
  it('is the one of the worked example of the NREL Solar Position Algorithm (Reda and Andreas 2004, Table A5.1)', () => {
    const golden = { latitude: 39.742476, longitude: -105.1786 }
    const sun = sunAt(Date.parse('2003-10-17T12:30:30-07:00'), golden)
    near(sun.elevationDeg, 39.872, 0.01)
    near(sun.azimuthDeg, 194.3402, 0.01)
  })

  // Of the tests of pvlib, calculated with the SPA for 32.2° N, 111° W.
  for (const [time, elevation, azimuth] of [
    ['00:00', -34.0390863, 352.69550699],
    ['06:00', 7.02294379, 66.71410338],
    ['12:00', 79.43274234, 144.76567754],
    ['18:00', 17.53096444, 287.04104128],
  ] as const)
    it(`stands over Arizona as the SPA has it, at ${time}`, () => {
      const sun = sunAt(Date.parse(`2014-06-24T${time}:00-07:00`), { latitude: 32.2, longitude: -111 })
      near(sun.elevationDeg, elevation, 0.01)
      near(sun.azimuthDeg, azimuth, 0.03)
    })

  it('stands in the north at noon in São Paulo in winter, and south of the zenith at Christmas', () => {
    const saoPaulo = { latitude: -23.55, longitude: -46.63 }
    const winter = sunAt(Date.parse('2026-06-21T15:08:00Z'), saoPaulo)
    near(winter.elevationDeg, 90 - 23.55 - 23.44, 0.1)
    assert.ok(winter.azimuthDeg < 2 || winter.azimuthDeg > 358, String(winter.azimuthDeg))
    near(sunAt(Date.parse('2026-12-21T15:04:00Z'), saoPaulo).elevationDeg, 89.8, 0.3)
  })

  it('is nearest in January and farthest in July (Kopp and Lean 2011: 1361 W/m² at one astronomical unit)', () => {
    const place = { latitude: 0, longitude: 0 }
    near(sunAt(Date.parse('2026-01-03T00:00:00Z'), place).extraterrestrialWm2, 1361 / 0.98333 ** 2, 1)
    near(sunAt(Date.parse('2026-07-06T00:00:00Z'), place).extraterrestrialWm2, 1361 / 1.01667 ** 2, 1)
  })

  it('is one direction, told as angles and as a vector (property)', () => {
    const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2050, 0, 1) })
    const place = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    fc.assert(
      fc.property(instant, place, (at, where) => {
        const { north, east, up, elevationDeg, azimuthDeg } = sunAt(at, where)
        const level = Math.cos((elevationDeg * Math.PI) / 180)
        near(Math.hypot(north, east, up), 1, 1e-9)
        near(up, Math.sin((elevationDeg * Math.PI) / 180), 1e-6)
        near(north, level * Math.cos((azimuthDeg * Math.PI) / 180), 1e-6)
        near(east, level * Math.sin((azimuthDeg * Math.PI) / 180), 1e-6)
        assert.ok(azimuthDeg >= 0 && azimuthDeg < 360)
      }),
    )
  })
})
