import assert from 'node:assert/strict'
import type { Allocation } from './allocation.ts'
import type { DeviceOutlook, ForecastStep, HorizonProblem } from './horizon.ts'
import { boundsOf } from './bounds.ts'
import { horizonProgram } from './horizon-program.ts'
import { coursesOf, stepsOf } from './horizon-steps.ts'
import { minimizeInOrder } from './linear-program.ts'
import { planHorizon } from './mpc.ts'
import { optimize } from './optimizer.ts'
import { plainSimplex } from './plain-simplex.fixture.ts'
import { bindingText, problemOf } from './problem.fixture.ts'
import type { Prices, Problem } from './problem.ts'
import { layOut } from './tree.ts'

const hour = 3_600_000
const ev = (id: string, until: number, more: object = {}) => ({ id, feeder: 'f', kind: 'ev', until, ...more }) as const
const battery = (id: string, kw: number, more: object = {}) =>
  ({ id, feeder: 'f', kind: 'battery', from: -kw, until: kw, wanted: 0, ...more }) as const
const outlook = (
  deviceId: string,
  neededKwh: number,
  leavesAfter: number | null,
  more: Partial<DeviceOutlook> = {},
) => ({
  deviceId,
  neededKwh,
  departsAt: leavesAfter === null ? null : leavesAfter * hour,
  fromKw: 0,
  untilKw: 10,
  storage: null,
  ...more,
})

/** Intervals of an hour: the first, and as many later ones as there are changes to it. */
function horizonOf(problem: Problem, outlooks: DeviceOutlook[], ...later: Partial<ForecastStep>[]): HorizonProblem {
  return {
    first: { ...problem, intervalMs: hour },
    later: later.map((step, at) => ({
      at: (at + 1) * hour,
      durationMs: hour,
      baseLoads: {},
      limits: {},
      availableKw: {},
      prices: problem.prices,
      ...step,
    })),
    outlooks,
  }
}
const powers = ({ devices }: Allocation): number[] => devices.map(({ powerKw }) => powerKw)
const costing = (importBrlPerKwh: number): Prices => ({ importBrlPerKwh, exportBrlPerKwh: 0 })

describe('planning a horizon', () => {
  it('serves first who leaves first, since there is room for the other later', () => {
    const problem = problemOf([{ id: 'f', import: 10 }], [ev('a', 10), ev('b', 10)])
    const horizon = horizonOf(problem, [outlook('a', 10, 1), outlook('b', 10, 2)], {})
    assert.deepEqual(powers(planHorizon(horizon, plainSimplex)), [10, 0])
    // Without a look ahead they share.
    assert.deepEqual(powers(optimize(problem, plainSimplex)), [5, 5])
  })

  it('keeps for the rest what it cannot have later, when a limit comes down', () => {
    const limit = { line: 'total', direction: 'import', limitKw: 2, source: 'event:1', expiresAt: null } as const
    const problem = problemOf([{ id: 'f', import: 10 }], [ev('a', 10), ev('b', 10)])
    const horizon = horizonOf(problem, [outlook('a', 8, 2), outlook('b', 4, 2)], { limits: { f: [limit] } })
    // 12 kWh are needed, 10 now and 2 then.
    assert.equal(planHorizon(horizon, plainSimplex).totals.consumedKw, 10)
  })

  it('lets limits of the first interval end when they expire', () => {
    const problem = problemOf([{ id: 'f' }], [ev('a', 10)])
    const event = { line: 'total', direction: 'import', limitKw: 2, source: 'event:1', expiresAt: hour } as const
    const first = { ...problem, feeders: [{ ...problem.feeders[0]!, limits: [event] }] }
    const horizon = horizonOf(first, [outlook('a', 10, 2)], {})
    const tree = layOut(horizon.first)
    const [now, then] = stepsOf(horizon, tree, boundsOf(tree))
    assert.deepEqual([now!.most[0], then!.most[0]], [2, Infinity])
    assert.deepEqual(powers(planHorizon(horizon, plainSimplex)), [2])
  })

  it('shares what cannot be delivered by weight, without delivering less in all', () => {
    const problem = problemOf([{ id: 'f', import: 6 }], [ev('a', 10), ev('b', 10, { weight: 2 })])
    const horizon = horizonOf(problem, [outlook('a', 12, 2), outlook('b', 12, 2)], {})
    const tree = layOut(horizon.first)
    const bounds = boundsOf(tree)
    const steps = stepsOf(horizon, tree, bounds)
    const courses = coursesOf(horizon, tree, bounds, steps)
    const built = horizonProgram(tree, steps, courses, new Float64Array(tree.groupCount), bounds.leastOn)
    const solutions = minimizeInOrder(built.program, built.objectives, plainSimplex)
    assert.ok(Math.abs(solutions[built.unmetAt]!.objective - 12) < 1e-6)
    assert.equal(planHorizon(horizon, plainSimplex).totals.consumedKw, 6)
    const unmet = built.objectives[built.unmetAt]!
    const { x } = solutions.at(-1)!
    const left = [...unmet.keys()].filter((column) => unmet[column] !== 0).map((column) => x[column]!)
    // 12 kWh of 24: 4 and 8, to the width of a level.
    assert.ok(Math.abs(left[0]! - 8) < 1.01 && Math.abs(left[1]! - 4) < 1.01, left.join(' and '))
  })

  it('charges a battery while energy is cheap, and has it give when it is dear', () => {
    const problem = problemOf([{ id: 'f', import: 20, base: 4 }], [battery('b', 5)])
    const stored = outlook('b', 0, null, { fromKw: -5, untilKw: 5, storage: { givesKwh: 0, takesKwh: 6 } })
    const cheapNow = horizonOf({ ...problem, prices: costing(0.3) }, [stored], { prices: costing(1.2) })
    // 4 kW is all that is used when it is dear, and what is sold is paid nothing.
    assert.deepEqual(powers(planHorizon(cheapNow, plainSimplex)), [4])
    const full = { ...stored, storage: { givesKwh: 6, takesKwh: 0 } }
    const dearNow = horizonOf({ ...problem, prices: costing(1.2) }, [full], { prices: costing(0.3) })
    assert.deepEqual(powers(planHorizon(dearNow, plainSimplex)), [-4])
  })

  it('never lets a price take from a car what it needs', () => {
    const problem = { ...problemOf([{ id: 'f', import: 10 }], [ev('a', 10), battery('b', 5)]), prices: costing(0.3) }
    const stored = outlook('b', 0, null, { fromKw: -5, untilKw: 5, storage: { givesKwh: 0, takesKwh: 6 } })
    const horizon = horizonOf(problem, [outlook('a', 10, 1), stored], { prices: costing(5) })
    assert.deepEqual(powers(planHorizon(horizon, plainSimplex)), [10, 0])
  })

  it('waits for the sun with what has time, and does not with what has none', () => {
    const pv = { id: 'pv', feeder: 'f', kind: 'pv', from: -0.5 } as const
    const problem = problemOf([{ id: 'f', import: 20 }], [ev('a', 10), ev('b', 10), pv])
    const horizon = horizonOf(problem, [outlook('a', 4, 1), outlook('b', 8, 2)], { availableKw: { pv: 8 } })
    const [urgent, patient] = powers(planHorizon(horizon, plainSimplex))
    assert.deepEqual([urgent, patient], [4, 0])
  })

  it('turns on who fits where least powers do not all fit, and gives it what there is', () => {
    const problem = problemOf(
      [{ id: 'f', import: 5 }],
      [ev('a', 7, { least: 4.1 }), ev('b', 7, { least: 4.1, present: 5 })],
    )
    const horizon = horizonOf(problem, [outlook('a', 20, 2), outlook('b', 20, 2)], {})
    const { devices } = planHorizon(horizon, plainSimplex)
    assert.deepEqual(
      devices.map(({ deviceId, powerKw }) => [deviceId, powerKw]),
      [
        ['a', 0],
        ['b', 5],
      ],
    )
  })

  it('gives what is owed by contract before it looks ahead', () => {
    const problem = problemOf([{ id: 'f', import: 10 }], [ev('a', 10), ev('b', 10, { contracted: 4 })])
    const horizon = horizonOf(problem, [outlook('a', 10, 1), outlook('b', 10, 2)], {})
    assert.deepEqual(powers(planHorizon(horizon, plainSimplex)), [6, 4])
  })

  it('sheds what demand response asks for', () => {
    const shed = [{ id: 'T', feeder: 'f', until: 3 }]
    const problem = problemOf([{ id: 'f', import: 10 }], [ev('a', 10)], shed)
    const { devices, totals } = planHorizon(horizonOf(problem, [outlook('a', 12, 2)], {}), plainSimplex)
    assert.deepEqual([devices[0]!.powerKw, totals.shedShortfallKw], [3, { T: 0 }])
    assert.equal(bindingText(devices[0]!.binding), 'shed T')
  })

  it('is the optimizer without forecasts', () => {
    const problem = problemOf([{ id: 'f', import: 6 }], [ev('a', 7), ev('b', 7, { weight: 2 })])
    const planned = planHorizon({ first: problem, later: [], outlooks: [] }, plainSimplex)
    assert.deepEqual(planned, { ...optimize(problem, plainSimplex), mode: 'mpc' })
  })

  it('delivers with a horizon as much as the optimizer where there is nothing to wait for', () => {
    const problem = problemOf([{ id: 'f', import: 6 }], [ev('a', 7), ev('b', 7)])
    const horizon = horizonOf(problem, [outlook('a', 7, 1), outlook('b', 7, 1)], {})
    assert.equal(
      planHorizon(horizon, plainSimplex).totals.consumedKw,
      optimize(problem, plainSimplex).totals.consumedKw,
    )
  })

  it('refuses what cannot be foreseen, naming it', () =>
    assert.throws(
      () =>
        planHorizon(horizonOf(problemOf([{ id: 'f' }], []), [outlook('x', Number.NaN, 1)], { at: 7 }), plainSimplex),
      {
        name: 'RangeError',
        message: /step 0 begins at 7, not at 3600000.*outlook of x, which the problem does not have/,
      },
    ))
})
