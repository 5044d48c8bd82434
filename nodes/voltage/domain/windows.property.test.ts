import assert from 'node:assert/strict'
import fc from 'fast-check'
import { disturbanceReachMs, disturbanceOn } from './disturbances.ts'
import { noon, rulesOf, seriesOf } from './windows.fixture.ts'
import type { VoltageSample } from './sample.ts'
import { windowMs, windowsOf, type VoltageWindow } from './windows.ts'

const rules = rulesOf(['A', 'B'])
const until = noon + 3 * windowMs
const windows = (samples: readonly VoltageSample[], of = rules) => windowsOf(samples, of, noon, until)

/** Between 0.9 and 1.1 pu: whatever is in the network, but disturbances. */
const steady = fc.double({ min: 199, max: 241, noNaN: true })
const voltage = fc.oneof(
  { arbitrary: steady, weight: 8 },
  fc.double({ min: 0, max: 400, noNaN: true }),
  fc.constant(null),
)
const sampleWith = (volts: fc.Arbitrary<number | null>): fc.Arbitrary<VoltageSample> =>
  fc.record({
    at: fc.integer({ min: noon - windowMs, max: until + windowMs }),
    intervalMs: fc.oneof(fc.constantFrom(1_000, 60_000, 300_000, 600_000), fc.integer({ min: 1, max: 600_000 })),
    volts: fc.tuple(volts, volts, fc.constant(null)),
  })
const stream = fc.array(sampleWith(voltage), { maxLength: 40 })

function near(one: readonly VoltageWindow[], other: readonly VoltageWindow[]): void {
  assert.equal(one.length, other.length)
  for (const [index, window] of one.entries()) {
    assert.ok(Math.abs(window.volts[0]! - other[index]!.volts[0]!) < 1e-9)
    assert.equal(window.coverage, other[index]!.coverage)
  }
}

describe('windows (properties)', () => {
  it('are the same to the last bit in whatever order readings came', () => {
    fc.assert(
      fc.property(
        stream.chain((samples) =>
          fc.tuple(fc.constant(samples), fc.shuffledSubarray(samples, { minLength: samples.length })),
        ),
        ([samples, shuffled]) => assert.deepEqual(windows(shuffled), windows(samples)),
      ),
    )
  })

  it('a voltage that stays the same is its own mean, to the last bit, however it is divided', () => {
    const volts = fc.double({ min: 30, max: 300_000, noNaN: true })
    const lengths = fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(volts, lengths, (constant, intervals) => {
        let at = noon
        const samples = intervals.map((intervalMs): VoltageSample => {
          at += intervalMs
          return { at, intervalMs, volts: [constant, constant, null] }
        })
        for (const window of windows(samples)) assert.deepEqual(window.volts, [constant, constant, null])
      }),
    )
  })

  it('are the same where readings came twice', () => {
    fc.assert(fc.property(stream, (samples) => assert.deepEqual(windows([...samples, ...samples]), windows(samples))))
  })

  it('are the same where they are computed one by one, of what is near', () => {
    const reach = disturbanceReachMs(disturbanceOn('2026-11-20').value)
    const seconds = fc
      .array(
        fc.tuple(fc.integer({ min: 0, max: 2_999 }), fc.integer({ min: 1, max: 400 }), fc.constantFrom(150, 190, 250)),
      )
      .map((sags) =>
        seriesOf(
          -windowMs + 300,
          1_000,
          3_000,
          (second) => sags.find(([from, s]) => second >= from && second < from + s)?.[2] ?? 220,
        ),
      )
      .chain((samples) =>
        fc.array(fc.nat(2_999), { maxLength: 300 }).map((lost) => samples.filter((_, n) => !lost.includes(n))),
      )
    fc.assert(
      fc.property(fc.oneof(stream, seconds), (samples) => {
        const alone = [noon, noon + windowMs, noon + 2 * windowMs].flatMap((start) => {
          const close = samples.filter(
            ({ at, intervalMs }) =>
              (at > start && at - intervalMs < start + windowMs) ||
              (intervalMs <= 1_000 && at > start - reach && at - intervalMs < start + windowMs + reach),
          )
          return windowsOf(close, rules, start, start + windowMs)
        })
        assert.deepEqual(alone, windows(samples))
      }),
      { numRuns: 60 },
    )
  })

  it('are the same whether a meter sends one RMS, or its parts', () => {
    fc.assert(
      fc.property(
        fc.array(steady, { minLength: 1, maxLength: 600 }).filter((parts) => windowMs % parts.length === 0),
        (parts) => {
          const length = windowMs / parts.length
          const rms = Math.sqrt(parts.reduce((sum, volts) => sum + volts * volts, 0) / parts.length)
          near(
            windows(
              seriesOf(0, windowMs, 1, () => rms),
              rulesOf(),
            ),
            windows(
              seriesOf(0, length, parts.length, (index) => parts[index]!),
              rulesOf(),
            ),
          )
        },
      ),
    )
  })

  it('are the same whether one reading comes, or two of the same voltage', () => {
    fc.assert(
      fc.property(
        steady,
        fc.integer({ min: 2, max: windowMs }),
        fc.integer({ min: 0, max: windowMs }),
        (volts, length, at) => {
          const first = Math.floor(length / 2)
          const whole: VoltageSample = { at: noon + at + length, intervalMs: length, volts: [volts, null, null] }
          const parts = [
            { ...whole, at: whole.at - length + first, intervalMs: first },
            { ...whole, intervalMs: length - first },
          ]
          near(windows([whole], rulesOf()), windows(parts, rulesOf()))
        },
      ),
    )
  })

  it('never become invalid by readings that cover more, and never cover more than all', () => {
    const quiet = fc.array(sampleWith(fc.oneof(steady, fc.constant(null))), { maxLength: 40 })
    fc.assert(
      fc.property(quiet, quiet, (samples, more) => {
        const after = new Map(windows([...samples, ...more]).map((window) => [window.start, window]))
        for (const { start, coverage, invalid } of windows(samples)) {
          assert.ok(after.get(start)!.coverage >= coverage && after.get(start)!.coverage <= 1)
          if (!invalid) assert.equal(after.get(start)!.invalid, undefined)
        }
      }),
    )
  })

  it('lie between the lowest and the highest voltage', () => {
    fc.assert(
      fc.property(fc.array(sampleWith(steady), { minLength: 1, maxLength: 40 }), (samples) => {
        for (const { volts } of windows(samples))
          for (const value of volts) assert.ok(value === null || (value > 199 - 1e-9 && value < 241 + 1e-9))
      }),
    )
  })
})
