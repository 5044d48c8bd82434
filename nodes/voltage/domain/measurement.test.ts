import assert from 'node:assert/strict'
import fc from 'fast-check'
import { courseOf, takenUp, withMissing } from './measurement.ts'
import { windowMs, type VoltageWindow } from './windows.ts'

const begin = Date.UTC(2026, 10, 2, 3)
const day = '2026-11-02'

type Kind = 'adequate' | 'precarious' | 'critical' | 'invalid'
const windowOf = (index: number, kind: Kind): VoltageWindow => {
  const [volts, band] = (
    {
      adequate: [220, 'adequate'],
      precarious: [200, 'precarious'],
      critical: [190, 'critical'],
      invalid: [0, 'critical'],
    } as const
  )[kind]
  return {
    ...{ start: begin + index * windowMs, volts: [volts, null, null], coverage: 1, bands: [band, null, null] },
    ...(kind === 'invalid' && { invalid: { reason: 'interruption', evidence: { volts: 0 } } as const }),
  }
}
const windowsOf = (...parts: readonly (readonly [number, Kind])[]): VoltageWindow[] =>
  parts.flatMap(([count, kind]) => Array<Kind>(count).fill(kind)).map((kind, index) => windowOf(index, kind))

describe('the course of a measurement', () => {
  it('has not begun without a window', () => {
    const { valid, invalid, end, complete, drpPct, expectedEnd } = courseOf([], begin, day)
    assert.deepEqual([valid, invalid, end, complete, drpPct], [0, 0, begin, false, 0])
    assert.equal(expectedEnd, begin + 7 * 86_400_000)
  })

  it('uses its budget of 30 precarious and 5 critical windows', () => {
    const { allowed, nlp, nlc, drpPct, drpViolated, drcViolated } = courseOf(
      windowsOf([31, 'precarious'], [5, 'critical']),
      begin,
      day,
    )
    assert.deepEqual(allowed, { precarious: 30, critical: 5 })
    assert.deepEqual([nlp, nlc, drpPct, drpViolated, drcViolated], [31, 5, 3100 / 1008, true, false])
  })

  it('ends with the 1,008th valid window, whatever follows', () => {
    const { complete, valid, invalid, end, nlc } = courseOf(
      windowsOf([1_000, 'adequate'], [36, 'invalid'], [8, 'adequate'], [50, 'critical']),
      begin,
      day,
    )
    assert.deepEqual([complete, valid, invalid, nlc], [true, 1_008, 36, 0])
    assert.equal(end, begin + 1_044 * windowMs)
  })

  it('counts what is missing between two windows, and before the first, as invalid', () => {
    const { valid, invalid } = courseOf([windowOf(3, 'adequate'), windowOf(9, 'critical')], begin, day)
    assert.deepEqual([valid, invalid], [2, 8])
  })

  const kinds = fc.array(fc.constantFrom<Kind>('adequate', 'precarious', 'critical', 'invalid'), { maxLength: 1_100 })

  it('does not depend on the order in which windows come (property)', () => {
    const shuffled = kinds.chain((of) => {
      const windows = of.map((kind, index) => windowOf(index, kind))
      return fc.tuple(fc.constant(windows), fc.shuffledSubarray(windows, { minLength: windows.length }))
    })
    fc.assert(
      fc.property(shuffled, ([windows, other]) =>
        assert.deepEqual(courseOf(other, begin, day), courseOf(windows, begin, day)),
      ),
      { numRuns: 30 },
    )
  })

  it('does not change with windows that come after its end (property)', () => {
    fc.assert(
      fc.property(kinds, (more) => {
        const whole = windowsOf([1_008, 'precarious'])
        const longer = [...whole, ...more.map((kind, index) => windowOf(1_008 + index, kind))]
        assert.deepEqual(courseOf(longer, begin, day), courseOf(whole, begin, day))
      }),
      { numRuns: 30 },
    )
  })

  it('has each window until its end valid or invalid (property)', () => {
    fc.assert(
      fc.property(kinds, (of) => {
        const { valid, invalid, end } = courseOf(
          of.map((kind, index) => windowOf(index, kind)),
          begin,
          day,
        )
        assert.equal((valid + invalid) * windowMs, end - begin)
      }),
      { numRuns: 30 },
    )
  })
})

describe('windows with those that are missing', () => {
  it('are all there, each once, in their order', () => {
    const all = withMissing([windowOf(2, 'adequate'), windowOf(4, 'critical')], begin, begin + 6 * windowMs)
    assert.deepEqual(
      all.map(({ start, invalid }) => [(start - begin) / windowMs, invalid?.reason]),
      [
        [0, 'coverage'],
        [1, 'coverage'],
        [2, undefined],
        [3, 'coverage'],
        [4, undefined],
        [5, 'coverage'],
      ],
    )
  })

  it('are none of an empty time', () => assert.deepEqual(withMissing([], begin, begin), []))
})

describe('a window as a measurement takes it', () => {
  const window = windowOf(0, 'precarious')

  it('is as it was where all phases of the unit are there', () =>
    assert.deepEqual(takenUp(window, 'A', 'unit'), window))

  it('is invalid where the instrument did not measure a phase of the unit', () => {
    assert.deepEqual(takenUp(window, 'AB', 'unit').invalid, {
      reason: 'coverage',
      evidence: { phase: 'B', coverage: 0 },
    })
    assert.equal(takenUp(window, 'AB', 'phase').invalid, undefined)
    assert.equal(takenUp(window, 'B', 'phase').invalid?.reason, 'coverage')
  })

  it('has no phase that the unit does not have', () =>
    assert.deepEqual(
      takenUp({ ...window, volts: [200, 0, 0], bands: ['precarious', 'critical', 'critical'] }, 'A', 'unit'),
      window,
    ))

  it('keeps why it was invalid', () => {
    const invalid = windowOf(0, 'invalid')
    assert.deepEqual(takenUp(invalid, 'ABC', 'unit').invalid, invalid.invalid)
  })
})
