import assert from 'node:assert/strict'
import fc from 'fast-check'
import { viewSite } from './panel-view.ts'
import { plantOf, slotsOf, type Report } from './site-days.fixture.ts'

const all = () => true
const noon = 12

/** Views of a site at noon of its first day. */
function at(hour: number, panels: number, report: Report, basis: 'siblings' | 'measured' | 'clear-sky' = 'siblings') {
  const plant = plantOf(panels)
  const slots = slotsOf({ days: 1, report, sky: () => ({ index: 1, basis }) }, plant)
  for (const slot of slots) if ((slot.at / 3_600_000) % 24 === hour) return viewSite(slot, plant, all)
  throw new Error(`no slot at ${hour}`)
}

describe('a panel beside its siblings', () => {
  it('keeps its ratio whatever the sky takes from all of them (property)', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1.2, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (sky, own) => {
          const [first, second] = at(noon, 8, (id, _, healthy) => ({
            ...healthy,
            powerW: healthy.powerW! * sky * (id === 'p-1' ? own : 1),
          }))
          assert.ok(Math.abs(first!.power! - own) < 0.02)
          assert.ok(Math.abs(second!.power! - 1) < 0.02)
        },
      ),
      { numRuns: 20 },
    ))

  it('is told by those that generate, were it half of the site that does not', () => {
    const views = at(noon, 8, (id, _, healthy) =>
      Number(id.slice(2)) <= 4 ? { ...healthy, powerW: 0, currentA: 0 } : healthy,
    )
    assert.deepEqual(
      views.map(({ power }) => Math.round(power!)),
      [0, 0, 0, 0, 1, 1, 1, 1],
    )
  })

  it('is warmer by what its sensor shows above the middle', () => {
    const [first] = at(noon, 6, (id, _, healthy) => ({ ...healthy, temperatureC: id === 'p-1' ? 60 : 45 }))
    assert.equal(first!.warmerC, 15)
  })
})

describe('what cannot be judged', () => {
  it('is a panel by night', () => assert.ok(at(2, 6, (_, __, healthy) => healthy).every(({ isJudged }) => !isJudged)))

  it('is a panel alone under a clear sky, but not beside a sensor', () => {
    assert.equal(at(noon, 1, (_, __, healthy) => healthy, 'clear-sky')[0]!.isJudged, false)
    assert.equal(at(noon, 1, (_, __, healthy) => healthy, 'measured')[0]!.isJudged, true)
  })

  it('is a measure that is not there', () => {
    const [first] = at(noon, 6, (_, __, healthy) => ({
      ...healthy,
      voltageV: null,
      currentA: null,
      temperatureC: null,
    }))
    assert.deepEqual([first!.voltage, first!.current, first!.warmerC], [null, null, null])
  })
})
