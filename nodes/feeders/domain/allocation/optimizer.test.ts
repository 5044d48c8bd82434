import assert from 'node:assert/strict'
import type { Allocation } from './allocation.ts'
import { improve } from './freedom.ts'
import { boundsOf } from './bounds.ts'
import { allocateHeuristic } from './heuristic.ts'
import { NoOptimum } from './linear-program.ts'
import type { LinearSolver } from './linear-program.ts'
import { optimize, settle } from './optimizer.ts'
import { plainSimplex } from './plain-simplex.fixture.ts'
import { bindingText, problemOf } from './problem.fixture.ts'
import type { Prices, Problem } from './problem.ts'
import { reliefPrices } from './relief-prices.ts'
import { layOut } from './tree.ts'

const powers = ({ devices }: Allocation): number[] => devices.map(({ powerKw }) => powerKw)
const prices = ({ devices }: Allocation): (number | null)[] => devices.map(({ marginalPrice }) => marginalPrice)
const priced = (problem: Problem, importBrlPerKwh: number, exportBrlPerKwh: number): Problem => {
  const given: Prices = { importBrlPerKwh, exportBrlPerKwh }
  return { ...problem, prices: given }
}
const ev = (id: string, until: number, more: object = {}) => ({ id, feeder: 'f', kind: 'ev', until, ...more }) as const

describe('the optimizer', () => {
  it('leaves fairness as it is, and prices a kW by the deficit that it would put on others', () => {
    const problem = problemOf([{ id: 'f', import: 6 }], [ev('a', 7), ev('b', 7, { weight: 2 })])
    const optimized = optimize(problem, plainSimplex)
    assert.deepEqual(powers(optimized), powers(allocateHeuristic(problem)))
    // One more kW for either is taken from the one whose deficit weighs least.
    assert.deepEqual(prices(optimized), [1, 1])
  })

  it('prices a kW below a full child higher than one beside it, where those below weigh more', () => {
    const problem = problemOf(
      [
        { id: 'f', import: 8 },
        { id: 'g', parent: 'f', import: 3 },
      ],
      [ev('a', 9), ev('b', 9, { feeder: 'g', weight: 4 }), ev('c', 9, { feeder: 'g', weight: 3 })],
    )
    assert.deepEqual(prices(optimize(problem, plainSimplex)), [1, 3, 3])
  })

  it('prices by phase: three phases need a third of each that is full', () => {
    const problem = problemOf(
      [{ id: 'f', limits: [{ line: 'A', kw: 2 }] }],
      [ev('a', 7, { phases: 'A' }), ev('b', 9, { weight: 6 })],
    )
    const [onA, onAll] = prices(optimize(problem, plainSimplex))
    assert.equal(onA, 1)
    assert.ok(Math.abs(onAll! - 1 / 3) < 1e-6, `${onAll}`)
  })

  it('prices a kW at what it costs where nothing is full: bought, or not sold', () => {
    const car = problemOf([{ id: 'f', import: 20 }], [ev('a', 7, { wanted: 3 })])
    assert.deepEqual(prices(optimize(priced(car, 0.8, 0.2), plainSimplex)), [0.8])
    const sun = problemOf([{ id: 'f', import: 20 }], [{ id: 'pv', feeder: 'f', kind: 'pv', from: -5 }])
    assert.deepEqual(prices(optimize(priced(sun, 0.8, 0.2), plainSimplex)), [0.2])
  })

  it('has batteries and cars take the sun before any leaves', () => {
    const problem = problemOf(
      [{ id: 'f' }],
      [
        { id: 'battery', feeder: 'f', kind: 'battery', from: -5, until: 5, wanted: 1 },
        ev('car', 7, { wanted: 2, least: 1.4 }),
        { id: 'pv', feeder: 'f', kind: 'pv', from: -9 },
      ],
    )
    const { totals } = optimize(priced(problem, 0.8, 0.2), plainSimplex)
    assert.deepEqual([totals.consumedKw, totals.generatedKw, totals.curtailedKw], [9, 9, 0])
  })

  it('takes more than is wanted where energy is paid for being taken, but nothing of what others want', () => {
    const problem = problemOf(
      [{ id: 'f', import: 8 }],
      [{ id: 'battery', feeder: 'f', kind: 'battery', from: -5, until: 5, wanted: 1 }, ev('car', 4)],
    )
    assert.deepEqual(powers(optimize(priced(problem, 0.8, 0.2), plainSimplex)), [1, 4])
    assert.deepEqual(powers(optimize(priced(problem, -0.1, -0.2), plainSimplex)), [4, 4])
  })

  it('moves whoever has that power already, where all else is the same', () => {
    const battery = (id: string, present: number) =>
      ({ id, feeder: 'f', kind: 'battery', from: 0, until: 5, wanted: 0, present }) as const
    const problem = problemOf(
      [{ id: 'f' }],
      [battery('a', 0), battery('b', 4), { id: 'pv', feeder: 'f', kind: 'pv', from: -4 }],
    )
    // The heuristic shares the sun: what fairness has given stays. What is left over goes where it was.
    const tree = layOut(problem)
    const fair = Float64Array.of(0, 0, -4)
    const { powers: improved } = improve(
      { tree, bounds: boundsOf(tree), fair, isOffForLeast: () => false },
      plainSimplex,
    )
    assert.deepEqual([...improved], [0, 4, -4])
  })

  it('lets a battery discharge no more than limits need', () => {
    const problem = problemOf(
      [{ id: 'f', import: 4, base: 5 }],
      [{ id: 'battery', feeder: 'f', kind: 'battery', from: -5, until: 5, wanted: 0 }, ev('car', 7)],
    )
    const tree = layOut(problem)
    const fair = Float64Array.of(-3, 0)
    const { powers: improved } = improve(
      { tree, bounds: boundsOf(tree), fair, isOffForLeast: () => false },
      plainSimplex,
    )
    assert.deepEqual([...improved], [-1, 0])
    const optimized = optimize(problem, plainSimplex)
    assert.deepEqual(powers(optimized), [-1, 0])
    assert.deepEqual(
      optimized.devices.map(({ binding }) => bindingText(binding)),
      ['f import total registry', 'f import total registry'],
    )
  })

  it('refuses prices that would pay for buying and selling at once', () =>
    assert.throws(() => optimize(priced(problemOf([{ id: 'f' }], []), 0.2, 0.3), plainSimplex), {
      name: 'RangeError',
      message: /a kWh out is paid 0.3 R\$, more than the 0.2 R\$/,
    }))

  it('has no optimum where the solver has none', () => {
    const none: LinearSolver = () => {
      throw new NoOptimum('infeasible')
    }
    assert.throws(() => optimize(problemOf([{ id: 'f', import: 1 }], [ev('a', 7)]), none), NoOptimum)
  })
})

describe('what a solver gives', () => {
  const problem = problemOf([{ id: 'f', import: 6 }], [ev('a', 7, { least: 1.4 }), ev('b', 7, { least: 1.4 })])
  const settled = (...kw: number[]): Allocation => {
    const tree = layOut(problem)
    const wanted = { kind: 'wanted' } as const
    return settle(
      tree,
      boundsOf(tree),
      Float64Array.from(kw),
      'optimizer',
      () => wanted,
      () => 0,
    )
  }

  it('is rounded to what a setpoint can say, within the limits', () => {
    assert.deepEqual(powers(settled(2.9999999, 3.0000001)), [3, 3])
    assert.deepEqual(powers(settled(-1e-16, 3.5)), [0, 3.5])
  })

  it('is refused beyond a limit that can be kept, with the feeder named', () =>
    assert.throws(() => settled(4, 4), {
      name: 'NoOptimum',
      message: 'feeder f, total: 2 kW beyond the import limit of 6 kW',
    }))

  it('is refused below a least power', () =>
    assert.throws(() => settled(0.5, 4), { name: 'NoOptimum', message: /^a at 0.5 kW: it draws at least 1.4 kW/ }))
})

describe('relief', () => {
  it('has no price where nothing is full, and asks no solver', () => {
    const tree = layOut(problemOf([{ id: 'f', import: 60 }], [ev('a', 7)]))
    const never: LinearSolver = () => assert.fail('asked')
    const levels = [{ floorKw: 0, binding: { kind: 'wanted' } as const }]
    assert.deepEqual([...reliefPrices(tree, Float64Array.of(7), levels, never)], [0])
  })
})
