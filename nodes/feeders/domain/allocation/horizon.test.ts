import assert from 'node:assert/strict'
import fc from 'fast-check'
import { horizonFaults, isHorizon, stepsAhead } from './horizon.ts'
import type { DeviceOutlook, ForecastStep, HorizonProblem } from './horizon.ts'
import { limitRows } from './horizon-rows.ts'
import { ProgramBuilder } from './linear-program.ts'
import { problemOf } from './problem.fixture.ts'
import { layOut } from './tree.ts'

const minute = 60_000
const first = problemOf([{ id: 'f', import: 5 }], [{ id: 'a', feeder: 'f', kind: 'ev', until: 7 }])
const step: ForecastStep = { at: minute, durationMs: minute, baseLoads: {}, limits: {}, availableKw: {}, prices: null }
const need: DeviceOutlook = { deviceId: 'a', neededKwh: 3, departsAt: null, fromKw: 0, untilKw: 7, storage: null }

describe('steps ahead', () => {
  it('are fine at first and coarse later', () => {
    const lengths = stepsAhead(0, minute, 100 * minute, 5).map(({ durationMs }) => durationMs / minute)
    assert.deepEqual(lengths, [1, 2, 4, 8, 85])
    assert.deepEqual(stepsAhead(0, minute, 2 * minute), [
      { at: 0, durationMs: minute },
      { at: minute, durationMs: minute },
    ])
    assert.deepEqual(stepsAhead(0, minute, minute - 1), [])
  })

  it('follow each other without gaps, to the end of the horizon (property)', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.integer({ min: 1, max: 12 }), (minutes, most) => {
        const steps = stepsAhead(minute, minute, minutes * minute, most)
        assert.ok(steps.length <= most)
        let end = minute
        for (const { at, durationMs } of steps) {
          assert.equal(at, end)
          end += durationMs
        }
        assert.equal(end, minute + minutes * minute)
      }),
    )
  })
})

describe('a horizon', () => {
  const horizon: HorizonProblem = { first, later: [step], outlooks: [need] }

  it('is told from a problem', () => assert.deepEqual([isHorizon(horizon), isHorizon(first)], [true, false]))
  it('without faults has none', () => assert.deepEqual(horizonFaults(horizon), []))

  const prices = { importBrlPerKwh: 0.1, exportBrlPerKwh: 0.4 }
  const limit = { line: 'total', direction: 'import', limitKw: -1, source: 'event:7', expiresAt: null } as const
  for (const [later, outlook, fault] of [
    [{ at: 3 }, {}, 'step 0 begins at 3, not at 60000 where what comes before it ends'],
    [{ durationMs: 0 }, {}, 'step 0 takes 0 ms'],
    [{ prices }, {}, 'step 0: a kWh out is paid 0.4 R$, more than the 0.1 R$ that it costs'],
    [{ availableKw: { pv: -2 } }, {}, 'step 0: pv has -2 kW of sun'],
    [{ limits: { f: [limit] } }, {}, 'step 0: the limit of f by event:7 is -1 kW'],
    [{}, { deviceId: 'b' }, 'outlook of b, which the problem does not have'],
    [{}, { neededKwh: Infinity }, 'a needs Infinity kWh'],
    [{}, { fromKw: 8 }, 'a can take 8 to 7 kW'],
    [{}, { storage: { givesKwh: -1, takesKwh: 2 } }, 'a can give -1 and take 2 kWh'],
    [{}, { departsAt: Number.NaN }, 'a departs at no time'],
  ] as const) {
    it(`has the fault: ${fault}`, () =>
      assert.deepEqual(horizonFaults({ first, later: [{ ...step, ...later }], outlooks: [{ ...need, ...outlook }] }), [
        fault,
      ]))
  }

  it('has the fault: a weighs 0 over the horizon', () =>
    assert.deepEqual(horizonFaults({ first, later: [step], outlooks: [], weights: { a: 0 } }), [
      'a weighs 0 over the horizon',
    ]))

  it('has no row where no limit can be reached', () => {
    const tree = layOut(first)
    const rowsAt = (mostKw: number): number => {
      const program = new ProgramBuilder()
      const column = program.column(0, 7)
      const courses = [{ at: 0, group: 0, weight: 1, neededKwh: 1, from: [0], until: [7], hours: [1], storage: null }]
      const sun = new Float64Array(1)
      const most = tree.most.map((kw) => (kw === Infinity ? kw : mostKw))
      const steps = [
        {
          from: 0,
          until: 1,
          hours: 1,
          ahead: 0,
          most,
          least: tree.least,
          highBelow: tree.highBelow,
          prices: null,
          sun,
        },
      ]
      const powers = [[[[column, 1] as const]]]
      limitRows(program, { tree, steps, courses, powers, curtailed: [new Map()], fixedKw: sun })
      return program.build().rowCount
    }
    assert.deepEqual([rowsAt(5), rowsAt(7)], [1, 0])
  })
})
