import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Allocation } from '../domain/allocation/allocation.ts'
import { arbitraryProblem } from '../arbitrary-problem.fixture.ts'
import { checkAllocation } from '../domain/allocation/check.ts'
import { allocateHeuristic, maxMinLevels } from '../domain/allocation/heuristic.ts'
import type { HorizonProblem } from '../domain/allocation/horizon.ts'
import { NoOptimum } from '../domain/allocation/linear-program.ts'
import type { LinearSolver } from '../domain/allocation/linear-program.ts'
import { problemOf } from '../domain/allocation/problem.fixture.ts'
import type { Problem } from '../domain/allocation/problem.ts'
import { allocate } from './allocate.ts'
import type { Solvers } from './allocate.ts'
import { loadHighs } from './highs-solver.ts'
import { smallSolver } from './small-solver.ts'

const prices = fc.option(
  fc
    .tuple(fc.integer({ min: -4, max: 8 }), fc.integer({ min: 0, max: 4 }))
    .map(([bought, less]) => ({ importBrlPerKwh: bought / 10, exportBrlPerKwh: (bought - less) / 10 })),
)
const pricedProblem = fc
  .tuple(arbitraryProblem, prices)
  .map(([problem, priced]): Problem => ({ ...problem, prices: priced }))

/** A problem with two or three steps ahead of it, what each device needs, and when some of them leave. */
const arbitraryHorizon: fc.Arbitrary<HorizonProblem> = pricedProblem.chain((first) =>
  fc
    .record({
      lengths: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
      needs: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.option(fc.integer({ min: 0, max: 40 }))), {
        minLength: first.devices.length,
        maxLength: first.devices.length,
      }),
    })
    .map(({ lengths, needs }) => {
      let at = first.at + first.intervalMs
      const later = lengths.map((minutes) => {
        const step = {
          at,
          durationMs: minutes * 60_000,
          baseLoads: {},
          limits: {},
          availableKw: {},
          prices: first.prices,
        }
        at += step.durationMs
        return step
      })
      const outlooks = first.devices.flatMap(({ deviceId, kind, fromKw, untilKw }, index) => {
        const [quarterKwh, minutes] = needs[index]!
        if (kind === 'pv') return []
        const neededKwh = quarterKwh / 4
        const departsAt = kind === 'ev' && minutes !== null ? minutes * 60_000 : null
        const storage = kind === 'battery' ? { givesKwh: 2, takesKwh: 4 } : null
        return [{ deviceId, neededKwh, departsAt, fromKw, untilKw, storage }]
      })
      return { first, later, outlooks }
    }),
)

/** That no device is told what it cannot do, and limits are exceeded by no more in all than the heuristic can avoid. */
function assertKept(problem: Problem, { devices }: Allocation): void {
  const violations = checkAllocation(problem, new Map(devices.map(({ deviceId, powerKw }) => [deviceId, powerKw])))
  let overKw = 0
  for (const violation of violations) {
    assert.equal(violation.kind, 'feeder', JSON.stringify(violation))
    if (violation.kind === 'feeder') overKw += violation.overKw
  }
  const fateKw = allocateHeuristic(problem).feeders.reduce((sum, { violationKw }) => sum + violationKw, 0)
  assert.ok(
    overKw <= fateKw + 1e-4,
    `${overKw} kW beyond limits, ${fateKw} by the heuristic: ${JSON.stringify(violations)}`,
  )
}

describe('sharing by the mode that is asked for', () => {
  let solvers: Solvers
  before(async () => (solvers = { small: smallSolver, large: await loadHighs(), largeFrom: 30 }))

  it('gives everybody at least its max-min level, whatever the prices, and breaks no limit (property)', () => {
    let fallbacks = 0
    fc.assert(
      fc.property(pricedProblem, (problem) => {
        const { allocation } = allocate('optimizer', problem, solvers)
        if (allocation.fallback) {
          fallbacks++
          return
        }
        assertKept(problem, allocation)
        const levels = new Map(maxMinLevels(problem).map(({ deviceId, targetKw }) => [deviceId, targetKw]))
        const kinds = new Map(problem.devices.map(({ deviceId, kind }) => [deviceId, kind]))
        for (const { deviceId, powerKw } of allocation.devices)
          if (kinds.get(deviceId) !== 'pv')
            assert.ok(
              powerKw > levels.get(deviceId)! - 2 * problem.stepKw,
              `${deviceId}: ${powerKw} for ${levels.get(deviceId)}`,
            )
      }),
      { numRuns: 200 },
    )
    assert.ok(fallbacks < 4, `${fallbacks} of 200 fell back`)
  })

  it('has the same objectives by either solver (property)', () => {
    fc.assert(
      fc.property(pricedProblem, (problem) => {
        const [small, large] = [Infinity, 0].map((largeFrom) =>
          allocate('optimizer', problem, { ...solvers, largeFrom }),
        )
        const within = problem.devices.length * problem.stepKw * 2
        for (const key of ['deficitKw', 'curtailedKw', 'dischargedKw'] as const) {
          const [one, other] = [small!.allocation.totals[key], large!.allocation.totals[key]]
          assert.ok(Math.abs(one - other) <= within, `${key}: ${one} and ${other}`)
        }
      }),
      { numRuns: 80 },
    )
  })

  it('plans a horizon without breaking a limit (property)', () => {
    let fallbacks = 0
    fc.assert(
      fc.property(arbitraryHorizon, (horizon) => {
        const { allocation } = allocate('mpc', horizon, solvers)
        if (allocation.fallback) fallbacks++
        else assertKept(horizon.first, allocation)
      }),
      { numRuns: 100 },
    )
    assert.ok(fallbacks < 5, `${fallbacks} of 100 fell back`)
  })

  it('is the optimizer where nothing is foreseen', () => {
    fc.assert(
      fc.property(pricedProblem, (problem) => {
        const { allocation } = allocate('mpc', { first: problem, later: [], outlooks: [] }, solvers)
        const optimized = allocate('optimizer', problem, solvers).allocation
        assert.deepEqual({ ...allocation, mode: optimized.mode, fallback: null }, { ...optimized, fallback: null })
      }),
      { numRuns: 50 },
    )
  })

  const two = problemOf(
    [{ id: 'f', import: 8 }],
    [
      { id: 'a', feeder: 'f', kind: 'ev', until: 7 },
      { id: 'b', feeder: 'f', kind: 'ev', until: 7 },
    ],
  )
  const failing =
    (error: Error): LinearSolver =>
    () => {
      throw error
    }

  it('falls back to the heuristic where there is no optimum, with the reason', () => {
    const none = failing(new NoOptimum('HiGHS ended with infeasible'))
    const { allocation, broken } = allocate('optimizer', two, { small: none, large: none, largeFrom: 0 })
    assert.deepEqual(allocation.fallback, { asked: 'optimizer', reason: 'HiGHS ended with infeasible' })
    assert.deepEqual(allocation.devices, allocateHeuristic(two).devices)
    assert.equal(allocation.mode, 'heuristic')
    assert.equal(broken, false)
  })

  it('says that a solver which fails otherwise is broken', () => {
    const aborted = failing(new Error('Aborted(OOM)'))
    const { allocation, broken } = allocate('optimizer', two, { small: aborted, large: aborted, largeFrom: 0 })
    assert.deepEqual(allocation.fallback, { asked: 'optimizer', reason: 'Aborted(OOM)' })
    assert.equal(broken, true)
  })

  it('asks the large solver where the small one gives up', () => {
    const { allocation } = allocate('optimizer', two, {
      ...solvers,
      small: failing(new NoOptimum('it cycles')),
      largeFrom: 1e9,
    })
    assert.equal(allocation.fallback, null)
    assert.equal(allocation.mode, 'optimizer')
  })

  it('refuses a problem with faults, since nobody could share that', () => {
    const faulty = { ...two, stepKw: 0 }
    for (const mode of ['heuristic', 'optimizer', 'mpc'] as const)
      assert.throws(() => allocate(mode, faulty, solvers), { name: 'RangeError', message: /stepKw/ })
    const free = { ...two, prices: { importBrlPerKwh: 0.1, exportBrlPerKwh: 0.2 } }
    assert.throws(() => allocate('optimizer', free, solvers), { name: 'RangeError', message: /more than the 0.1 R\$/ })
  })
})
