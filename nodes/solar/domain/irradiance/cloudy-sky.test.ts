import assert from 'node:assert/strict'
import fc from 'fast-check'
import { clearSky } from './clear-sky.ts'
import { indexOfPlane, skyUnder, underClouds } from './cloudy-sky.ts'
import { planeOfArray, totalWm2 } from './plane-of-array.ts'
import { sunAt } from './sun.ts'

const sun = sunAt(Date.parse('2026-12-01T12:00:00Z'), { latitude: -23.55, longitude: -46.63 })
const clear = clearSky(sun)
const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)

describe('the sky under clouds', () => {
  it('is the clear sky where nothing is missing, and has no beam where almost all is', () => {
    const whole = skyUnder(clear, sun, 1)
    near(whole.beamWm2, clear.beamWm2, 1e-9)
    near(whole.diffuseWm2, clear.diffuseWm2, 1e-9)
    const dark = skyUnder(clear, sun, 0.15)
    assert.ok(dark.diffuseWm2 / dark.globalWm2 > 0.97, String(dark.diffuseWm2))
  })

  // Erbs, Klein and Duffie 1982, equation 1, at a clearness of 0.5.
  it('is two thirds diffuse at a clearness of 0.5, where the clear sky is as Erbs has it', () => {
    const outsideWm2 = sun.extraterrestrialWm2 * sun.up
    const asErbs = { globalWm2: 0.8 * outsideWm2, diffuseWm2: 0.8 * outsideWm2 * 0.165, beamWm2: 0 }
    const { diffuseWm2, globalWm2 } = skyUnder(asErbs, sun, 0.625)
    near(diffuseWm2 / globalWm2, 0.6593, 0.002)
  })

  it('is dark where there is no sun', () => {
    assert.deepEqual(skyUnder(clear, { up: 0, extraterrestrialWm2: 1361 }, 1), {
      globalWm2: 0,
      beamWm2: 0,
      diffuseWm2: 0,
    })
  })

  it('lights a plane that faces the sun less, and one that turns its back hardly less', () => {
    const [east, west] = [90, 270].map((azimuthDeg) => {
      const plane = { tiltDeg: 40, azimuthDeg }
      return underClouds(clear, sun, plane, 0.3) / totalWm2(planeOfArray(clear, sun, plane))
    })
    assert.ok(east! < 0.3 && west! > 0.4, `${east} and ${west}`)
  })

  it('is told by any plane in it (property)', () => {
    const degrees = (max: number) => fc.double({ min: 0, max, noNaN: true })
    fc.assert(
      fc.property(
        degrees(40),
        degrees(360),
        fc.double({ min: 0.02, max: 1.2, noNaN: true }),
        (tiltDeg, azimuthDeg, index) => {
          const plane = { tiltDeg, azimuthDeg }
          const found = indexOfPlane(clear, sun, plane, underClouds(clear, sun, plane, index))
          near(underClouds(clear, sun, plane, found), underClouds(clear, sun, plane, index), 0.01)
        },
      ),
    )
  })
})
