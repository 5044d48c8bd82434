import assert from 'node:assert/strict'
import fc from 'fast-check'
import { after, describe, it } from 'mocha'
import { caseOf, session, workedCases } from './cases.samples.ts'
import { charge } from './charging.ts'
import { offlineOptimum } from './offline-optimum.ts'
import { startProductMethods } from './product-methods.ts'

const total = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((sum, kwh) => sum + kwh, 0)
const { tightParent, phaseInTheWay, patience } = workedCases

/**
 * By hand: behind the parent that is tight there is but one way. Two cars that both need all their power weigh the same by
 * ampere: fairly the one on three phases has three times the power of the other, 3 kW and 1 kW, when phase A is full; whoever looks ahead serves the patient car when the other one is gone.
 */
const expected = {
  tightParent: { of: tightParent, heuristic: [2, 3], optimizer: [2, 3], mpc: [2, 3] },
  phaseInTheWay: { of: phaseInTheWay, heuristic: [0.25, 0.75], optimizer: [0.25, 0.75], mpc: null },
  patience: { of: patience, heuristic: null, optimizer: null, mpc: [4, 2] },
} as const

describe("the platform's own methods", function () {
  this.timeout(60_000)
  const product = startProductMethods()
  after(() => product.end())

  for (const [name, { of, ...byMethod }] of Object.entries(expected))
    for (const method of product.methods) {
      const kwh = byMethod[method.name as keyof typeof byMethod]
      if (kwh !== null)
        it(`${name}: ${method.name}`, async () => {
          const run = await charge(of.charging, method)
          const got = [...run.deliveredKwh.values()]
          assert.ok(
            got.every((one, place) => Math.abs(one - kwh[place]!) < 0.026),
            `delivered ${got.join(' and ')} kWh`,
          )
          assert.deepEqual([run.violations, run.fallbacks], [0, {}])
        })
    }

  it('are never above the offline optimum, and never beyond a limit (property)', async () => {
    const anySession = fc.record({
      from: fc.integer({ min: 0, max: 4 }),
      long: fc.integer({ min: 1, max: 4 }),
      energyKwh: fc.double({ min: 0.2, max: 3, noNaN: true }),
      phases: fc.constantFrom(['A'], ['B'], ['A', 'B', 'C']),
      feederId: fc.constantFrom('root', 'x'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySession, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 1.4),
        async (given, least) => {
          const charging = caseOf(
            [
              { feederId: 'root', limitKw: 6, phaseLimitKw: { A: 2.5 } },
              { feederId: 'x', parentFeederId: 'root', limitKw: 3 },
            ],
            given.map(({ from, long, energyKwh, phases, feederId }, n) =>
              session(`s${n}`, [from, from + long], energyKwh, 6, { phases: phases as ['A'], feederId }),
            ),
            least,
          )
          const optimum = total(await offlineOptimum(charging.feeders, charging.line))
          for (const method of product.methods) {
            const run = await charge(charging, method)
            assert.ok(
              total(run.deliveredKwh) <= optimum + 1e-6,
              `${method.name}: ${total(run.deliveredKwh)} of ${optimum}`,
            )
            assert.deepEqual([run.violations, run.fallbacks], [0, {}], method.name)
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})
