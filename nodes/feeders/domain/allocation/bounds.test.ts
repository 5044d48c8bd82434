import assert from 'node:assert/strict'
import { boundsOf, stepsDown, stepsUp } from './bounds.ts'
import { problemOf } from './problem.fixture.ts'
import type { CaseDevice } from './problem.fixture.ts'
import { layOut } from './tree.ts'

function boundsOne(device: Omit<CaseDevice, 'id' | 'feeder'>): Record<string, number> {
  const bounds = boundsOf(layOut(problemOf([{ id: 'F' }], [{ id: 'd', feeder: 'F', ...device }])))
  return Object.fromEntries(Object.entries(bounds).map(([name, values]) => [name, (values as Float64Array)[0]!]))
}

describe('bounds of a device', () => {
  it('a charger needs its least power as a step can say it, and wants no less', () =>
    assert.deepEqual(boundsOne({ kind: 'ev', until: 7.4, least: 1.38, wanted: 0.5 }), {
      lowest: 0,
      highest: 7.4,
      leastOn: 1.4,
      atRest: 0,
      wanted: 1.4,
    }))
  it('a charger whose only power is no step may have just that', () =>
    assert.equal(boundsOne({ kind: 'ev', until: 1.38, least: 1.38 })['leastOn'], 1.38))
  it('one that cannot have its least power is off', () =>
    assert.equal(boundsOne({ kind: 'ev', until: 1, least: 1.38 })['highest'], 0))
  it('PV stands at all the sun gives, and held off at nothing', () => {
    assert.equal(boundsOne({ kind: 'pv', from: -5 })['atRest'], -5)
    assert.deepEqual(
      [boundsOne({ kind: 'pv', from: -5, held: 'off' })].map(({ lowest, highest }) => [lowest, highest]),
      [[0, 0]],
    )
  })
  it('a battery that is held off may still discharge for a limit', () =>
    assert.equal(boundsOne({ kind: 'battery', from: -5, until: 5, held: 'off' })['lowest'], -5))
  it('a lost device is where it is', () => {
    const { lowest, highest, atRest, wanted } = boundsOne({ kind: 'ev', until: 7, lostAt: 3.7 })
    assert.deepEqual([lowest, highest, atRest, wanted], [3.7, 3.7, 3.7, 3.7])
  })
})

describe('steps', () => {
  for (const [kw, down, up] of [
    [3.34, 3.3, 3.4],
    [3.3, 3.3, 3.3],
    [0.1 + 0.2, 0.3, 0.3],
    [-0.04, -0.1, 0],
  ] as const)
    it(`${kw} is ${down} downwards and ${up} upwards`, () =>
      assert.deepEqual([stepsDown(kw, 0.1), stepsUp(kw, 0.1)], [down, up]))
})
