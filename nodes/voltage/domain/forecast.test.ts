import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compensationOf } from './compensation.ts'
import { expectedCompensation } from './forecast-compensation.ts'
import { latentsOf, weekBeforeOf } from './forecast-latents.ts'
import { pathsOf } from './forecast-paths.ts'
import { priorCovariance, priorMean } from './forecast-prior.ts'
import { countBySlot, slotOf, slotsAhead } from './forecast-slots.ts'
import { evenings, monday, perDay, saoPaulo, windowsFrom } from './forecast.fixture.ts'
import { forecastOf, type Forecast, type RunningMeasurement } from './forecast.ts'
import { populationPrior as prior } from './population-prior.ts'
import type { RunWindow } from './runs.ts'
import { transgressionOn } from './transgression.ts'
import { windowMs } from './windows.ts'

const rule = transgressionOn('2026-11-02')
const seed = 7
const run = { seed: 5, numRuns: 25 }

function forecast(windows: readonly RunWindow[], more: Partial<RunningMeasurement> = {}): Forecast {
  const nextAt = monday + windows.length * windowMs
  return forecastOf({ windows, nextAt, offsetAt: saoPaulo, voltageClass: 'BT', ...more }, rule, prior, seed)
}

describe('the forecast of a measurement', () => {
  it('says what is used: of each phase, and of the one that has most for each limit', () => {
    const { drp, drc, valid, remaining } = forecast(windowsFrom(evenings([6, 5]), evenings([0, 3], 'c')))
    assert.deepEqual([valid, remaining], [288, 720])
    assert.deepEqual([drp.used, drp.usedByPhase, drc.used, drc.usedByPhase], [11, [11, 0], 3, [0, 3]])
    assert.equal(drp.burnByTimeOfDay.length, 12)
    assert.equal(drp.burnByTimeOfDay[9], 11 / 24)
    assert.equal(drp.burnByTimeOfDay[3], 0)
  })

  it('expects a sag of every evening to go on, and to break in the evening', () => {
    const { drp } = forecast(windowsFrom(evenings([7, 7, 7])))
    assert.ok(drp.probability > 0.6, `probability ${drp.probability}`)
    const hour = new Date(drp.breaks!.medianAt + saoPaulo()).getUTCHours()
    assert.ok(hour >= 18 && hour < 24, `breaks at ${hour} h`)
    assert.ok(drp.breaks!.fromAt <= drp.breaks!.medianAt && drp.breaks!.medianAt <= drp.breaks!.untilAt)
    assert.ok(drp.breaks!.fromAt >= monday + 3 * perDay * windowMs)
  })

  it('expects little of a quiet unit', () => {
    const { drp, drc } = forecast(windowsFrom(evenings([0, 0, 0])))
    assert.ok(drp.probability < 0.05 && drc.probability < 0.05)
  })

  it('goes by the week before where nothing is measured yet', () => {
    const none = { nextAt: monday, phases: ['A'] as const }
    const quiet = forecast([], { ...none, before: weekBeforeOf(windowsFrom(evenings([0, 0, 0, 0, 0, 0, 0]))) })
    const bad = forecast([], { ...none, before: weekBeforeOf(windowsFrom(evenings([9, 9, 9, 9, 9, 9, 9]))) })
    assert.ok(bad.drp.probability > quiet.drp.probability + 0.3)
  })

  it('is certain of a limit once it is broken, and says since when', () => {
    const { drp, drc } = forecast(windowsFrom(evenings([20, 20])))
    assert.deepEqual([drp.probability, drp.breaks], [1, null])
    // Eleven of the second evening.
    assert.equal(drp.brokenAt, monday + (perDay + 114 + 10) * windowMs)
    assert.equal(drc.brokenAt, null)
  })

  it('is certain that a limit holds which the windows that are left cannot break', () => {
    const { drp } = forecast(windowsFrom(evenings([4, 4, 4, 4, 4, 4, 0]).slice(0, 1_002)))
    assert.deepEqual([drp.used, drp.probability, drp.breaks], [24, 0, null])
  })

  it('replaces invalid windows by following ones', () => {
    const { valid, remaining, completeAt } = forecast(windowsFrom('x'.repeat(100) + 'a'.repeat(188)))
    assert.deepEqual([valid, remaining], [188, 820])
    assert.ok(completeAt > monday + (288 + 820) * windowMs)
  })

  it('ends with the measurement: what follows the 1,008th valid window does not count', () => {
    const { drp, remaining, completeAt, compensation } = forecast(windowsFrom(evenings([5, 5, 5, 5, 5, 5, 1, 30])), {
      nextAt: monday + 1_008 * windowMs,
      eusdBrl: 100,
    })
    assert.deepEqual([remaining, drp.used, drp.probability, drp.expectedUsed], [0, 31, 1, 31])
    assert.equal(completeAt, monday + 1_008 * windowMs)
    // Vector V2c: 31 precarious windows.
    assert.ok(Math.abs(compensation!.exactBrl - 0.22619) < 1e-5)
  })

  it('expects money where the charge is known, and explains it', () => {
    const windows = windowsFrom(evenings([9, 9, 9]))
    assert.equal(forecast(windows).compensation, null)
    const { amountBrl, exactBrl, inputs } = forecast(windows, { eusdBrl: 200 }).compensation!
    assert.ok(amountBrl > 0 && amountBrl <= exactBrl)
    const { DRPexcess, DRCexcess, k1, k2, EUSD } = inputs as Record<string, number>
    assert.ok(Math.abs(((DRPexcess! * k1! + DRCexcess! * k2!) / 100) * EUSD! - exactBrl) < 1e-9)
  })

  it('is the same for the same seed', () => {
    const windows = windowsFrom(evenings([4, 2, 5]))
    assert.deepEqual(forecast(windows), forecast(windows))
  })

  const days = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 })

  it('gives probabilities (property)', () =>
    fc.assert(
      fc.property(days, days, (one, other) => {
        const length = Math.min(one.length, other.length)
        const result = forecast(windowsFrom(evenings(one.slice(0, length)), evenings(other.slice(0, length), 'c')))
        for (const { probability, brokenAt, used, budget } of [result.drp, result.drc]) {
          assert.ok(probability >= 0 && probability <= 1)
          assert.equal(brokenAt !== null, used > budget)
        }
      }),
      run,
    ))

  it('sees no less risk where more is used, but for what chance makes of it (property)', () =>
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 8 }), (counts, more) => {
        const [less, worse] = [counts, counts.map((count) => count + more)].map(
          (each) => forecast(windowsFrom(evenings(each))).drp.probability,
        )
        assert.ok(worse! >= less! - 0.1, `${worse} after ${less}`)
      }),
      run,
    ))

  it('does not mind what phases are called (property)', () =>
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 5 }), (counts, more) => {
        const phases = [
          evenings(counts),
          evenings(counts.map((count) => count + more)),
          evenings(
            counts.map(() => 1),
            'c',
          ),
        ]
        const one = forecast(windowsFrom(...phases), { eusdBrl: 50 })
        const other = forecast(windowsFrom(...phases.toReversed()), { eusdBrl: 50 })
        assert.deepEqual(other.drp.usedByPhase, one.drp.usedByPhase.toReversed())
        const called = (result: Forecast) => [result.drp, result.drc].map((limit) => ({ ...limit, usedByPhase: [] }))
        assert.deepEqual(called(other), called(one))
        assert.deepEqual(other.compensation, one.compensation)
      }),
      run,
    ))
})

describe('the ways in which a measurement may go on', () => {
  it('break where the budget ends, within the slots that are left', () => {
    const slots = slotsAhead(monday, 48, saoPaulo)
    const counts = countBySlot(windowsFrom('p'.repeat(144)), 0, saoPaulo)
    const latents = latentsOf(
      counts,
      undefined,
      slots.map(({ slot }) => slot),
      prior,
    )
    const ways = pathsOf(
      [{ precarious: 0, critical: 0, latents }],
      { slots, remaining: 40, validShare: 1 },
      { precarious: 10, critical: 5 },
      prior,
      { paths: 50, seed },
    )
    for (const { precarious } of ways) {
      assert.ok(precarious.count <= 40)
      assert.equal(precarious.brokenAt < Infinity, precarious.count > 10)
      assert.equal((precarious.brokenAt < Infinity ? precarious.brokenAt - monday : 0) % windowMs, 0)
    }
    assert.ok(ways.some(({ precarious }) => precarious.count > 10))
  })

  it('cost what they pass the limits by, on average', () => {
    const end = (count: number) => ({ count, brokenAt: Infinity })
    const ways = [
      { precarious: end(31), critical: end(0) },
      { precarious: end(10), critical: end(6) },
    ]
    const unit = { voltageClass: 'BT', eusdBrl: 100 } as const
    // Vectors V2c: 31 and 5, 30 and 6.
    const expected = (0.22619 + 0.666667) / 2
    assert.ok(
      Math.abs(expectedCompensation(unit, rule, ways, { precarious: 0, critical: 0 })!.exactBrl - expected) < 1e-5,
    )
  })
})

describe('what a complete measurement is expected to cost', () => {
  const letters = fc.array(fc.constantFrom('a', 'a', 'a', 'a', 'a', 'a', 'a', 'p', 'c'), {
    ...{ minLength: 1_008, maxLength: 1_008 },
  })

  it('is what is booked for it, by class and with the k2 of high voltage that was chosen (property)', () =>
    fc.assert(
      fc.property(
        fc.oneof(letters, fc.constant(Array<string>(1_008).fill('a'))),
        fc.constantFrom('BT', 'MT', 'AT'),
        fc.integer({ min: 0, max: 20 }),
        (bands, voltageClass, k2HighVoltage) => {
          const count = (letter: string): number => bands.filter((each) => each === letter).length
          const by = { voltageClass, k2HighVoltage, eusdBrl: 100 } as const
          const { compensation } = forecast(windowsFrom(bands.join('')), by)
          const [drpPct, drcPct] = [(100 * count('p')) / 1_008, (100 * count('c')) / 1_008]
          const booked = compensationOf({ drpPct, drcPct, day: '2026-11-02', ...by })
          assert.ok(Math.abs(compensation!.exactBrl - booked.exactBrl) < 1e-9)
          assert.deepEqual(compensation!.rule, booked.rule)
        },
      ),
      run,
    ))
})

describe('the prior', () => {
  const covariance = priorCovariance(prior.outside)
  const evening = slotOf(monday, saoPaulo) + 9

  it('takes the same hour of another day for more alike than another hour', () =>
    assert.ok(covariance(evening, evening + 12) > covariance(evening, evening + 6)))

  it('takes what is near for more alike', () => {
    assert.ok(covariance(evening, evening) > covariance(evening, evening + 12))
    assert.ok(covariance(evening, evening + 12) > covariance(evening, evening + 36))
    assert.ok(covariance('before', 'before') > covariance('before', evening + 3) - prior.outside.shape)
  })

  it('expects more in the evening', () =>
    assert.ok(priorMean(prior.outside, evening) > priorMean(prior.outside, evening - 8)))
})
