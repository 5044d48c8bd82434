import assert from 'node:assert/strict'
import { allocateHeuristic, maxMinLevels } from './heuristic.ts'
import { problemOf } from './problem.fixture.ts'

describe('heuristic allocation', () => {
  const problem = problemOf(
    [{ id: 'F', import: 10.05 }],
    [
      { id: 'b', feeder: 'F', kind: 'ev', until: 7 },
      { id: 'a', feeder: 'F', kind: 'ev', until: 7, contracted: 4 },
    ],
  )

  it('has the devices in the order of their ids, in steps', () => {
    const { devices, mode, fallback } = allocateHeuristic(problem)
    assert.deepEqual(
      devices.map(({ deviceId, powerKw, deficitKw }) => [deviceId, powerKw, deficitKw]),
      [
        ['a', 7, 0],
        ['b', 3, 4],
      ],
    )
    assert.deepEqual([mode, fallback], ['heuristic', null])
  })
  it('has levels before rounding, above what is owed by contract', () =>
    assert.deepEqual(
      maxMinLevels(problem).map(({ deviceId, floorKw, targetKw }) => [
        deviceId,
        floorKw,
        Math.round(targetKw * 1e6) / 1e6,
      ]),
      [
        ['a', 4, 7],
        ['b', 0, 3.05],
      ],
    ))

  it('refuses a problem with faults, and names them', () => {
    const problem = problemOf([{ id: 'F' }], [{ id: 'ev1', feeder: 'G', kind: 'ev', until: 7 }])
    assert.throws(() => allocateHeuristic(problem), /device ev1: feeder G is not known/)
  })
})
