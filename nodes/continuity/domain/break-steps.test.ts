import assert from 'node:assert/strict'
import { BreakSteps, breaksWithin } from './break-steps.ts'
import { hourMs, outageCourse, outageUnit, start } from './outlook.fixture.ts'

const stepsOf = (units: ReturnType<typeof outageUnit>[], course = outageCourse()) => {
  const steps = new BreakSteps()
  for (const unit of units) steps.add(unit, course)
  return steps.sorted().map(({ at, ...step }) => ({ hours: (at - start) / hourMs, ...step }))
}
const far = { dicH: 8, fic: 100, dmicH: 9_000 }

describe('the next breaks of an outage', () => {
  it('are steps: when, of which limit, how many units, and what that costs at once', () => {
    const fresh = outageUnit({ limits: far })
    const used = outageUnit({ limits: far, before: { dicMs: 5 * hourMs } })
    const again = outageUnit({ limits: far, before: { dicMs: 5 * hourMs + 1 } })
    assert.deepEqual(stepsOf([fresh, used, fresh, again]), [
      // A millisecond before the hour is of the minute before it.
      { hours: 3 - 1 / hourMs, limit: 'DIC', units: 1, cents: 2_235 },
      { hours: 3, limit: 'DIC', units: 1, cents: 2_235 },
      { hours: 8, limit: 'DIC', units: 2, cents: 4_470 },
    ])
  })

  it('cost once what is broken at once', () =>
    assert.deepEqual(stepsOf([outageUnit({ limits: { dicH: 8, dmicH: 8, fic: 100 } })]), [
      { hours: 8, limit: 'DIC', units: 1, cents: 2_235 },
      { hours: 8, limit: 'DMIC', units: 1, cents: 0 },
    ]))

  it('are added up for a stretch of time, its end included', () => {
    const steps = new BreakSteps()
    for (const dicMs of [0, 0, 7 * hourMs, 6 * hourMs])
      steps.add(outageUnit({ limits: far, before: { dicMs } }), outageCourse())
    const within = (hours: number) =>
      breaksWithin(steps.sorted(), start + hourMs, start + hours * hourMs).get('DIC')?.units
    assert.deepEqual([within(1.9), within(2), within(8)], [undefined, 1, 3])
  })
})
