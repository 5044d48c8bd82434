import assert from 'node:assert/strict'
import fc from 'fast-check'
import { frequencyRules, FrequencyWatch, type FrequencyExcursion, type FrequencySample } from './frequency.ts'

const rule = frequencyRules[0]!.value
const noon = Date.UTC(2026, 10, 21, 12)

/** A second each, one after the other. */
const seconds = (...hertz: readonly (readonly [hz: number, times: number])[]): FrequencySample[] =>
  hertz
    .flatMap(([hz, times]) => Array.from({ length: times }, () => hz))
    .map((hz, index) => ({ at: noon + (index + 1) * 1_000, intervalMs: 1_000, hz }))

function excursionsOf(samples: readonly FrequencySample[]): FrequencyExcursion[] {
  const watch = new FrequencyWatch(rule)
  for (const sample of samples) watch.take(sample)
  return watch.excursions()
}

const told = (samples: readonly FrequencySample[]) =>
  excursionsOf(samples).map(({ side, hz, longestMs, violated }) => [`${side} ${hz}: ${longestMs / 1_000} s`, violated])

describe('excursions of the frequency', () => {
  for (const [what, samples, expected] of [
    ['a calm day has none', seconds([60, 100], [59.5, 10], [60.5, 10]), []],
    ['30 s below 59.5 Hz may be', seconds([60, 1], [59.4, 30], [60, 1]), [['below 59.5: 30 s', false]]],
    ['31 s may not', seconds([59.4, 31]), [['below 59.5: 31 s', true]]],
    [
      'of several times the longest counts',
      seconds([59.4, 20], [60, 1], [59.4, 25], [60, 1], [59.4, 5]),
      [['below 59.5: 25 s', false]],
    ],
    [
      'each limit has its own time',
      seconds([59.4, 8], [58.4, 6], [57.4, 6], [59.4, 8]),
      [
        ['below 59.5: 28 s', false],
        ['below 58.5: 12 s', true],
        ['below 57.5: 6 s', true],
      ],
    ],
    [
      'beyond 66 Hz none at all may be',
      seconds([66.1, 1]),
      [
        ['above 60.5: 1 s', false],
        ['above 62: 1 s', false],
        ['above 63.5: 1 s', false],
        ['above 66: 1 s', true],
      ],
    ],
    [
      '66 Hz itself is not beyond it',
      seconds([66, 1]).slice(0, 1),
      [
        ['above 60.5: 1 s', false],
        ['above 62: 1 s', false],
        ['above 63.5: 1 s', false],
      ],
    ],
    [
      'what was not seen ends it',
      seconds([59.4, 40]).filter((_, index) => index !== 20),
      [['below 59.5: 20 s', false]],
    ],
  ] as const)
    it(what, () => assert.deepEqual(told(samples), expected))

  it('says when the longest began', () => {
    const [one] = excursionsOf(seconds([60, 10], [60.6, 5]))
    assert.equal(one!.since, noon + 10_000)
  })

  it('lasts as long over readings of any length, of the same course (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (calm, low) => {
        const fine = seconds([60, calm], [59, low], [60, 1])
        const coarse = [
          { at: noon + calm * 1_000, intervalMs: calm * 1_000, hz: 60 },
          { at: noon + (calm + low) * 1_000, intervalMs: low * 1_000, hz: 59 },
        ]
        assert.deepEqual(excursionsOf(fine), excursionsOf(coarse))
      }),
    )
  })
})
