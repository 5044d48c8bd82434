import assert from 'node:assert/strict'
import { disturbancesIn } from './disturbances.ts'
import { minuteMs, noon, rulesOf, sampleOf, secondMs, seriesOf } from './windows.fixture.ts'
import type { VoltageSample } from './sample.ts'
import { usualChoices, windowMs, windowsOf } from './windows.ts'

/** Seconds from two windows before noon to two after: 220 V, and `volts` from an instant on (s from noon) for a time. */
const secondsWith = (fromS: number, lengthS: number, volts: number) =>
  seriesOf(-1_200_000, secondMs, 3_600, (index) =>
    index - 1_200 >= fromS && index - 1_200 < fromS + lengthS ? volts : 220,
  )
const from = noon - 2 * windowMs
const reasonsOf = (samples: readonly VoltageSample[], rules = rulesOf()) =>
  windowsOf(samples, rules, from, noon + 4 * windowMs).map(({ invalid }) => invalid?.reason)
const valid = undefined

describe('a short-duration voltage variation', () => {
  it('invalidates the windows it touches', () => {
    assert.deepEqual(reasonsOf(secondsWith(10, 5, 190)), [valid, valid, 'vtcd', valid, valid, valid])
    assert.deepEqual(reasonsOf(secondsWith(-1, 2, 250)), [valid, 'vtcd', 'vtcd', valid, valid, valid])
    assert.deepEqual(reasonsOf(secondsWith(-179, 179, 190)), [valid, 'vtcd', valid, valid, valid, valid])
  })

  it('tells its phase, beginning, length and extreme', () => {
    const samples = secondsWith(10, 5, 190).map((sample) =>
      sample.at === noon + 13_000 ? { ...sample, volts: [130, null, null] as const } : sample,
    )
    const evidence = windowsOf(samples, rulesOf(), noon, noon + windowMs)[0]!.invalid?.evidence
    assert.deepEqual(evidence, { phase: 'A', at: noon + 10_000, volts: 130, durationMs: 5_000 })
    const swell = disturbancesIn(secondsWith(10, 5, 250), rulesOf())
    assert.deepEqual(
      swell.map(({ volts, until }) => [volts, until]),
      [[250, noon + 15_000]],
    )
  })

  it('lasts less than three minutes: what lasts as long counts', () => {
    assert.deepEqual(reasonsOf(secondsWith(10, 179, 190)), [valid, valid, 'vtcd', valid, valid, valid])
    assert.deepEqual(reasonsOf(secondsWith(10, 180, 190)), [valid, valid, valid, valid, valid, valid])
    assert.deepEqual(reasonsOf(secondsWith(-179, 180, 190)), [valid, valid, valid, valid, valid, valid])
  })

  it('is outside of 0.9 and 1.1 pu, the bounds not included', () => {
    for (const volts of [198, 242]) assert.deepEqual(disturbancesIn(secondsWith(0, 9, volts), rulesOf()), [])
    for (const volts of [197.9, 242.1]) assert.equal(disturbancesIn(secondsWith(0, 9, volts), rulesOf()).length, 1)
  })

  it('goes on over lost seconds, five at most', () => {
    const sag = secondsWith(0, 200, 190)
    const lost = (seconds: number) =>
      sag.filter(({ at }) => at <= noon + 100_000 || at > noon + 100_000 + seconds * 1_000)
    assert.deepEqual(disturbancesIn(lost(5), rulesOf()), [])
    assert.deepEqual(
      disturbancesIn(lost(6), rulesOf()).map(({ at, until }) => [at - noon, until! - noon]),
      [
        [0, 100_000],
        [106_000, 200_000],
      ],
    )
  })

  it('to one side ends where the other begins', () => {
    const both = [
      ...secondsWith(0, 100, 190).filter(({ at }) => at <= noon + 100_000),
      ...seriesOf(100_000, 1_000, 100, () => 250),
    ]
    assert.equal(disturbancesIn(both, rulesOf()).length, 2)
  })

  it('is not known from coarser readings', () => {
    assert.deepEqual(
      disturbancesIn(
        seriesOf(0, 2_000, 10, () => 190),
        rulesOf(),
      ),
      [],
    )
    const minutes = seriesOf(0, minuteMs, 10, (index) => (index === 4 ? 190 : 220))
    assert.equal(windowsOf(minutes, rulesOf(), noon, noon + windowMs)[0]!.invalid, undefined)
  })

  it('counts where that is the choice', () => {
    const sag = secondsWith(10, 5, 190)
    for (const disturbances of ['events', 'none'] as const)
      assert.ok(
        reasonsOf(sag, rulesOf(['A'], { choices: { ...usualChoices, disturbances } })).every((reason) => !reason),
      )
    const event = { reason: 'vtcd', at: noon, until: noon + 400, eventId: 'v-1' } as const
    const reasons = (disturbances: 'events' | 'none') =>
      windowsOf(
        [sampleOf(windowMs, windowMs, 220)],
        rulesOf(['A'], { choices: { ...usualChoices, disturbances } }),
        noon,
        noon + windowMs,
        [event],
      )[0]!.invalid
    assert.deepEqual(reasons('events'), { reason: 'vtcd', evidence: { at: noon, durationMs: 400, eventId: 'v-1' } })
    assert.equal(reasons('none'), undefined)
  })
})

describe('a depression of three minutes or more', () => {
  it('counts: 0.85 pu for two hours is twelve critical windows', () => {
    for (const [intervalMs, count] of [
      [secondMs, 10_800],
      [minuteMs, 180],
    ] as const) {
      const depressed = (index: number) => index * intervalMs >= 1_800_000 && index * intervalMs < 9_000_000
      const samples = seriesOf(0, intervalMs, count, (index) => (depressed(index) ? 0.85 * 220 : 220))
      const windows = windowsOf(samples, rulesOf(), noon, noon + 18 * windowMs)
      assert.equal(windows.filter(({ bands, invalid }) => bands[0] === 'critical' && !invalid).length, 12)
      assert.equal(windows.filter(({ bands }) => bands[0] === 'adequate').length, 6)
    }
  })

  it('with an interruption in it is invalid only there', () => {
    const samples = seriesOf(0, secondMs, 1_800, (index) => (index >= 700 && index < 710 ? 0 : 185))
    const windows = windowsOf(samples, rulesOf(), noon, noon + 3 * windowMs)
    assert.deepEqual(
      windows.map(({ invalid }) => invalid?.reason),
      [valid, 'interruption', valid],
    )
  })
})
