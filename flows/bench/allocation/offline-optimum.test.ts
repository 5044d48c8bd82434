import assert from 'node:assert/strict'
import fc from 'fast-check'
import solverModule from 'javascript-lp-solver'
import { describe, it } from 'mocha'
import { baselines } from './baselines.ts'
import { caseOf, session, workedCases } from './cases.samples.ts'
import { charge, type ChargingCase } from './charging.ts'
import { limitedLines } from './lines-in-use.ts'
import { offlineOptimum } from './offline-optimum.ts'

/** What its types call the module is, imported so, the solver itself. */
const solver = solverModule as unknown as typeof solverModule.default

const total = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((sum, kwh) => sum + kwh, 0)

/** The same written out plainly, a variable a car and interval, for the other solver. */
function plainly({ feeders, line }: ChargingCase): number {
  const { limits, usesOf } = limitedLines(feeders)
  const hours = line.intervalMs / 3_600_000
  const constraints: Record<string, { max: number }> = {}
  const variables: Record<string, Record<string, number>> = {}
  for (const { session: one, from, until } of line.stays) {
    constraints[`energy ${one.id}`] = { max: one.energyKwh }
    for (let interval = from; interval < until; interval++) {
      const name = `${one.id} ${interval}`
      constraints[`most ${name}`] = { max: one.maxKw }
      const variable: Record<string, number> = { kwh: hours, [`energy ${one.id}`]: hours, [`most ${name}`]: 1 }
      for (const { limit, share } of usesOf(one.feederId, one.phases)) {
        constraints[`limit ${limit} ${interval}`] = { max: limits[limit]!.limitKw }
        variable[`limit ${limit} ${interval}`] = share
      }
      variables[name] = variable
    }
  }
  if (Object.keys(variables).length === 0) return 0
  const answer = solver.Solve({ optimize: 'kwh', opType: 'max', constraints, variables }) as { result: number }
  return answer.result
}

const tree = [
  { feederId: 'root', limitKw: 6, phaseLimitKw: { A: 3, B: 2.5 } },
  { feederId: 'x', parentFeederId: 'root', limitKw: 3 },
  { feederId: 'y', parentFeederId: 'root', phaseLimitKw: { A: 2, C: 1.5 } },
]
const anySession = fc.record({
  from: fc.integer({ min: 0, max: 6 }),
  long: fc.double({ min: 0.5, max: 5, noNaN: true }),
  energyKwh: fc.double({ min: 0.1, max: 5, noNaN: true }),
  maxKw: fc.constantFrom(2, 3.7, 7.4),
  phases: fc.constantFrom(['A'], ['B'], ['C'], ['A', 'B', 'C']),
  feederId: fc.constantFrom('root', 'x', 'y'),
})
const anyCase = fc
  .tuple(fc.array(anySession, { minLength: 1, maxLength: 7 }), fc.constantFrom(0, 0.6))
  .map(([sessions, leastKw]) =>
    caseOf(
      tree,
      sessions.map(({ from, long, energyKwh, maxKw, phases, feederId }, n) =>
        session(`s${n}`, [from, from + long], energyKwh, maxKw, { phases: phases as ['A'], feederId }),
      ),
      leastKw,
    ),
  )

describe('the offline optimum', () => {
  for (const [name, { charging, optimumKwh }] of Object.entries(workedCases))
    it(`${name}: ${optimumKwh} kWh`, async () =>
      assert.ok(Math.abs(total(await offlineOptimum(charging.feeders, charging.line)) - optimumKwh) < 1e-6))

  it('is the same by the other solver, a variable an interval (property)', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (charging) => {
        const [one, other] = [total(await offlineOptimum(charging.feeders, charging.line)), plainly(charging)]
        assert.ok(Math.abs(one - other) < 1e-5, `${one} kWh and ${other} kWh`)
      }),
      { numRuns: 40 },
    )
  })

  it('is never beaten, nothing goes beyond a limit, and nobody gets more than it asked for (property)', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (charging) => {
        const optimum = total(await offlineOptimum(charging.feeders, charging.line))
        for (const method of baselines) {
          const run = await charge(charging, method)
          assert.ok(
            total(run.deliveredKwh) <= optimum + 1e-6,
            `${method.name}: ${total(run.deliveredKwh)} of ${optimum}`,
          )
          assert.deepEqual([run.violations, run.violationsBeforeRounding ?? 0], [0, 0], method.name)
          for (const { session: one } of charging.line.stays)
            assert.ok(run.deliveredKwh.get(one.id)! <= one.energyKwh + 1e-9)
        }
      }),
      { numRuns: 60 },
    )
  })
})
