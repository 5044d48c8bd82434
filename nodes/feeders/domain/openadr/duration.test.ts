import assert from 'node:assert/strict'
import fc from 'fast-check'
import { durationMs, durationOf } from './duration.ts'

describe('a duration by ISO 8601', () => {
  for (const [text, ms] of [
    ['PT1H', 3_600_000],
    ['PT1H30M', 5_400_000],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['PT0.5S', 500],
    ['PT0S', 0],
    ['P1M', 2_592_000_000],
    ['P1Y', 31_536_000_000],
    ['-PT15M', -900_000],
    ['P9999Y', Infinity],
  ] as const)
    it(`${text} is ${ms} ms`, () => assert.equal(durationMs(text), ms))

  for (const text of ['', 'P', 'PT', '1H', 'PT1', 'P1H', 'PT1.5H', 'pt1h', 'PT1H ', 'P-1D', '٣'])
    it(`${JSON.stringify(text)} is none`, () => assert.equal(durationMs(text), undefined))

  it('is read as it is written, to the second (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seconds) => {
        assert.equal(durationMs(durationOf(seconds * 1_000)), seconds * 1_000)
      }),
    )
  })
})
