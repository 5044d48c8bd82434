import assert from 'node:assert/strict'
import { minuteMs, noon, rulesOf, sampleOf, secondMs, seriesOf } from './windows.fixture.ts'
import type { VoltageSample } from './sample.ts'
import { usualChoices, windowMs, windowsOf, windowStart } from './windows.ts'

const windowsAt = (samples: readonly VoltageSample[], rules = rulesOf(), windows = 1) =>
  windowsOf(samples, rules, noon, noon + windows * windowMs)
const onlyWindow = (samples: readonly VoltageSample[], rules = rulesOf()) => {
  const found = windowsAt(samples, rules)
  assert.equal(found.length, 1)
  return found[0]!
}

describe('a 10-minute window', () => {
  it('begins on the clock', () => {
    assert.equal(windowStart(noon), noon)
    assert.equal(windowStart(noon + windowMs - 1), noon)
    assert.equal(windowStart(noon - 1), noon - windowMs)
  })

  it('has the quadratic mean, weighted by time', () => {
    const { volts, coverage, bands, invalid } = onlyWindow([
      sampleOf(8 * minuteMs, 8 * minuteMs, 200),
      sampleOf(10 * minuteMs, 2 * minuteMs, 220),
    ])
    assert.deepEqual(volts, [Math.sqrt((200 ** 2 * 8 + 220 ** 2 * 2) / 10), null, null])
    assert.deepEqual([coverage, bands, invalid], [1, ['adequate', null, null], undefined])
  })

  it('takes its part of an interval that crosses its bounds, to the millisecond', () => {
    const [first, second] = windowsAt(
      [sampleOf(10 * minuteMs + 250, 10 * minuteMs, 210), sampleOf(20 * minuteMs + 250, 10 * minuteMs, 230)],
      rulesOf(),
      2,
    )
    assert.deepEqual([first!.coverage, first!.volts[0]], [0.999583, 210])
    assert.equal(second!.volts[0], Math.sqrt((210 ** 2 * 250 + 230 ** 2 * (windowMs - 250)) / windowMs))
    assert.equal(second!.coverage, 1)
  })

  it('has no row where nothing is covered', () => {
    assert.deepEqual(windowsAt([{ at: noon + minuteMs, intervalMs: minuteMs, volts: [null, null, null] }]), [])
    assert.deepEqual(windowsAt([sampleOf(0, minuteMs, 220), sampleOf(11 * minuteMs, minuteMs, 220)]), [])
  })

  it('is invalid below the least coverage, of any phase of the unit', () => {
    const ninth = seriesOf(0, minuteMs, 9, () => 220)
    assert.equal(onlyWindow(ninth).invalid, undefined)
    assert.deepEqual(onlyWindow(ninth.slice(1)).invalid, {
      reason: 'coverage',
      evidence: { phase: 'A', coverage: 0.8 },
    })
    assert.deepEqual(onlyWindow(ninth, rulesOf(['A', 'B'])).invalid?.evidence, { phase: 'B', coverage: 0 })
    assert.equal(onlyWindow(ninth, rulesOf(null)).invalid, undefined)
  })

  it('leaves out what is not of the unit', () => {
    const [window] = windowsAt([{ at: noon + windowMs, intervalMs: windowMs, volts: [220, 0, 150] }])
    assert.deepEqual(window, {
      ...{ start: noon, volts: [220, null, null], coverage: 1, bands: ['adequate', null, null] },
    })
  })

  it('has voltages without bands where the norm has no bounds', () => {
    const { volts, bands } = onlyWindow(
      [sampleOf(windowMs, windowMs, 99)],
      rulesOf(['A'], { referenceV: 100, limitsAt: () => null }),
    )
    assert.deepEqual(
      [volts, bands],
      [
        [99, null, null],
        [null, null, null],
      ],
    )
  })

  it('goes by the bounds of its own day', () => {
    const limits = (high: number) => ({ criticalLow: 191, adequateLow: 202, adequateHigh: high, criticalHigh: high })
    const bands = windowsAt(
      [sampleOf(20 * minuteMs, 10 * minuteMs, 232), sampleOf(10 * minuteMs, 10 * minuteMs, 232)],
      rulesOf(['A'], { limitsAt: (start) => limits(start < noon + windowMs ? 231 : 233) }),
      2,
    ).map((window) => window.bands[0])
    assert.deepEqual(bands, ['critical', 'adequate'])
  })
})

describe('an interruption', () => {
  it('makes the window invalid, with phase, beginning, voltage and duration in it', () => {
    const minutes = seriesOf(-2 * minuteMs, minuteMs, 12, (index) => (index > 0 && index < 5 ? 3 : 220))
    assert.deepEqual(onlyWindow(minutes).invalid, {
      reason: 'interruption',
      evidence: { phase: 'A', at: noon, volts: 3, durationMs: 3 * minuteMs },
    })
    const [window] = windowsAt(
      [{ at: noon + windowMs, intervalMs: windowMs, volts: [220, 219, 21.9] }],
      rulesOf(['A', 'B', 'C']),
    )
    assert.deepEqual(window!.invalid?.evidence, { phase: 'C', at: noon, volts: 21.9, durationMs: windowMs })
  })

  it('is below 0.1 pu', () => {
    assert.equal(onlyWindow([sampleOf(windowMs, windowMs, 22)]).invalid, undefined)
  })

  it('counts as critical where that is the choice', () => {
    const { invalid, bands } = onlyWindow(
      [sampleOf(windowMs, windowMs, 0)],
      rulesOf(['A'], { choices: { ...usualChoices, interruptions: 'none' } }),
    )
    assert.deepEqual([invalid, bands[0]], [undefined, 'critical'])
  })

  it('is known from events, for all windows from the loss to the return', () => {
    const whole = [1, 2, 3, 4].map((window) => sampleOf(window * windowMs, windowMs, 220))
    const lost = { reason: 'interruption', at: noon + windowMs + 5, eventId: 'e-1', phases: 'A' } as const
    const reasons = (until: number | null, phases = 'A') =>
      windowsOf(whole, rulesOf(), noon, noon + 4 * windowMs, [{ ...lost, until, phases }]).map(
        ({ invalid }) => invalid?.evidence,
      )
    const evidence = { at: lost.at, phase: 'A', eventId: 'e-1' } as const
    assert.deepEqual(reasons(null), [undefined, evidence, undefined, undefined])
    const durationMs = 2 * windowMs - 5
    assert.deepEqual(reasons(noon + 3 * windowMs), [
      undefined,
      { ...evidence, durationMs },
      { ...evidence, durationMs },
      undefined,
    ])
    assert.deepEqual(reasons(null, 'BC'), [undefined, undefined, undefined, undefined])
  })
})

describe('an invalid phase', () => {
  it('invalidates the window, or only itself where that is the choice', () => {
    const sample: VoltageSample = { at: noon + windowMs, intervalMs: windowMs, volts: [220, 0, 180] }
    const present = ['A', 'B', 'C'] as const
    const [unit] = windowsAt([sample], rulesOf(present))
    assert.equal(unit!.invalid?.reason, 'interruption')
    const byPhase = { choices: { ...usualChoices, invalidPhase: 'phase' } as const }
    const [phase] = windowsAt([sample], rulesOf(present, byPhase))
    assert.deepEqual([phase!.invalid, phase!.bands], [undefined, ['adequate', null, 'critical']])
    const [none] = windowsAt([{ ...sample, volts: [0, 0, 0] }], rulesOf(present, byPhase))
    assert.equal(none!.invalid?.reason, 'interruption')
  })
})

describe('readings of a second', () => {
  it('may begin and end anywhere', () => {
    const [window] = windowsAt(seriesOf(-500, secondMs, 601, () => 225))
    assert.deepEqual([window!.coverage, window!.volts[0]], [1, 225])
  })
})
