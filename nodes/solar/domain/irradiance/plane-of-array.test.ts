import assert from 'node:assert/strict'
import fc from 'fast-check'
import { planeOfArray, totalWm2 } from './plane-of-array.ts'

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)

function sunAt(zenithDeg: number, azimuthDeg: number, extraterrestrialWm2 = 1321.1655834833093) {
  const [zenith, azimuth] = [(zenithDeg * Math.PI) / 180, (azimuthDeg * Math.PI) / 180]
  const level = Math.sin(zenith)
  return {
    north: level * Math.cos(azimuth),
    east: level * Math.sin(azimuth),
    up: Math.cos(zenith),
    extraterrestrialWm2,
  }
}

describe('irradiance in the plane of a panel', () => {
  // Of the tests of pvlib's `haydavies`, values of its MATLAB 1.4 code: tilted 40° to the south.
  for (const [zenith, azimuth, globalWm2, beamWm2, diffuseWm2, expected] of [
    [82.85457044, 66.71410338, 79.73860422, 316.1949056, 40.46149818, 27.1775],
    [10.56413562, 144.76567754, 1042.48031487, 939.95469881, 118.45831879, 102.9949],
    [72.41687122, 287.04104128, 257.20751138, 646.22886049, 62.03376265, 33.1909],
  ] as const)
    it(`has ${expected} W/m² from the sky as Hay and Davies have it`, () => {
      const facingSouth = { tiltDeg: 40, azimuthDeg: 180 }
      const found = planeOfArray({ globalWm2, beamWm2, diffuseWm2 }, sunAt(zenith, azimuth), facingSouth)
      near(found.skyWm2, expected, 1e-3)
      near(found.groundWm2, globalWm2 * 0.2 * 0.5 * (1 - Math.cos((40 * Math.PI) / 180)), 1e-9)
    })

  const sky = { globalWm2: 800, beamWm2: 760, diffuseWm2: 800 - 760 * Math.cos(Math.PI / 6) }

  it('is what falls on the ground where the panel lies flat', () => {
    near(totalWm2(planeOfArray(sky, sunAt(30, 40), { tiltDeg: 0, azimuthDeg: 77 })), 800, 1e-9)
  })

  it('has all of the beam where the panel faces the sun, and none where it turns its back', () => {
    near(planeOfArray(sky, sunAt(30, 40), { tiltDeg: 30, azimuthDeg: 40 }).beamWm2, 760, 1e-9)
    near(planeOfArray(sky, sunAt(70, 0), { tiltDeg: 60, azimuthDeg: 180 }).beamWm2, 0, 1e-9)
  })

  it('is never below nothing, nor more than sun, sky and ground can give (property)', () => {
    const angle = (max: number) => fc.double({ min: 0, max, noNaN: true })
    fc.assert(
      fc.property(angle(89), angle(360), angle(90), angle(360), (zenith, azimuth, tiltDeg, azimuthDeg) => {
        const sun = sunAt(zenith, azimuth, 1361)
        const clear = { globalWm2: 760 * sun.up + 90, beamWm2: 760, diffuseWm2: 90 }
        const { beamWm2, skyWm2, groundWm2 } = planeOfArray(clear, sun, { tiltDeg, azimuthDeg })
        for (const part of [beamWm2, skyWm2, groundWm2]) assert.ok(part >= 0)
        assert.ok(beamWm2 <= 760 + 1e-9 && groundWm2 <= 0.1 * clear.globalWm2 + 1e-9)
      }),
    )
  })
})
