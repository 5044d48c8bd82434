import assert from 'node:assert/strict'
import fc from 'fast-check'
import { operatingPoint, planeLight, steadyCellC, unhindered, type Hindrance } from './module.ts'

const truth = { ratedW: 400, ratedV: 41, currentShare: 1, voltageShare: 1, tilt: 0, azimuth: 0 }
const fullSun = { beam: 900, diffuse: 100 }
const at = (hindrance: Partial<Hindrance>, light = fullSun, cellC = 25) => {
  const { volts, amperes } = operatingPoint(truth, light, cellC, { ...unhindered, ...hindrance })
  return { volts, amperes, watts: volts * amperes }
}
const near = (value: number, wanted: number, within: number) =>
  assert.ok(Math.abs(value - wanted) <= within, `${value} is not ${wanted}`)

describe('a module', () => {
  it('gives its rating under standard test conditions', () => {
    near(at({}).watts, 400, 0.5)
    near(at({}).volts, 41, 0.05)
  })

  it('loses 3.5 thousandths of its power with each degree', () => {
    near(at({}, fullSun, 45).watts / 400, 1 - 20 * 0.0035, 0.002)
  })

  it('gives a few hundredths less than its share of a weak light, and nothing in the dark', () => {
    const weak = at({}, { beam: 0, diffuse: 200 }).watts / 80
    assert.ok(weak > 0.94 && weak < 0.98, `${weak}`)
    assert.deepEqual(at({}, { beam: 0, diffuse: 0 }), { volts: 0, amperes: 0, watts: 0 })
  })

  it('loses a third of its voltage and no current where a bypass diode is short', () => {
    near(at({ bridged: 1 }).volts, at({}).volts * (2 / 3), 0.01)
    near(at({ bridged: 1 }).amperes, at({}).amperes, 1e-9)
  })

  it('stands at its open-circuit voltage where nobody takes its current, and at nothing where it is dead', () => {
    near(at({ contact: 'open' }).volts, 41 * 1.2, 0.1)
    assert.equal(at({ contact: 'open' }).amperes, 0)
    assert.deepEqual(at({ contact: 'dead' }), { volts: 0, amperes: 0, watts: 0 })
  })

  it('climbs above its working voltage where its power is capped', () => {
    const capped = at({ capW: 200 })
    near(capped.watts, 200, 1e-6)
    assert.ok(capped.volts > 43 && capped.volts < 49.2)
  })

  it('leaves out the shaded substring in full sun, and under a dull sky takes it in', () => {
    near(at({ shaded: 1 }).watts, 400 * (2 / 3), 1)
    near(at({ shaded: 3 }).amperes, at({}).amperes * 0.1, 1e-6)
    near(at({ shaded: 1 }, { beam: 0, diffuse: 150 }).watts, at({}, { beam: 0, diffuse: 150 }).watts, 1e-9)
  })

  it('loses voltage in a bad connection in proportion to its current', () => {
    const loss = (light: typeof fullSun) => at({}, light).volts - at({ resistance: 0.8 }, light).volts
    near(loss(fullSun), 10 * loss({ beam: 0, diffuse: 100 }), 1e-6)
  })

  it('never gives more when anything holds it back (property)', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const hindrance = fc.record({
      ...{ clean: share, shaded: fc.integer({ min: 0, max: 3 }), bridged: fc.integer({ min: 0, max: 3 }) },
      ...{ currentLeft: share, voltageLeft: share, capW: fc.double({ min: 1, max: 500, noNaN: true }) },
      ...{ resistance: fc.double({ min: 0, max: 5, noNaN: true }) },
      contact: fc.constantFrom('closed' as const, 'open' as const, 'dead' as const),
    })
    const light = fc.record({
      beam: fc.double({ min: 0, max: 1000, noNaN: true }),
      diffuse: fc.double({ min: 0, max: 400, noNaN: true }),
    })
    fc.assert(
      fc.property(hindrance, light, (held, sun) => {
        const { watts } = at(held, sun)
        assert.ok(watts >= 0 && watts <= at({}, sun).watts + 1e-9)
      }),
    )
  })
})

describe('light in the plane of a module', () => {
  const sun = (elevationDeg: number, azimuthDeg: number) => ({
    sun: { elevation: (elevationDeg * Math.PI) / 180, azimuth: (azimuthDeg * Math.PI) / 180 },
    ...{ beamWm2: 900, diffuseWm2: 100, ambientC: 20, wind: 1 },
  })

  it('is all of the beam where the sun stands at right angles to it', () => {
    near(planeLight(sun(67, 0), (23 * Math.PI) / 180, 0).beam, 900, 0.5)
  })

  it('has no beam where the sun stands behind it, and nothing at night', () => {
    assert.equal(planeLight(sun(10, 180), (40 * Math.PI) / 180, 0).beam, 0)
    assert.deepEqual(planeLight(sun(-5, 0), 0.4, 0), { beam: 0, diffuse: 0 })
  })
})

describe('the temperature of cells', () => {
  it('is some 25 °C above the air in full sun and light wind', () => near(steadyCellC(1000, 20, 2), 45.8, 0.2))
})
