import assert from 'node:assert/strict'
import fc from 'fast-check'
import { vtcdClasses, vtcdClassOf, vtcdRules } from './vtcd.ts'

const rule = vtcdRules[0]!.value

describe('the class of a voltage variation of short duration', () => {
  for (const [magnitude, duration, expected] of [
    [0.05, 0.5, 'IMT'],
    [0, 3, 'IMT'],
    [0.0999, 3.001, 'ITT'],
    // Of an interruption the norm names no shortest.
    [0, 0.005, 'IMT'],
    [0.1, 3, 'AMT'],
    [0.74, 0.18, 'AMT'],
    [0.8999, 0.0167, 'AMT'],
    [0.5, 0.016, 'AMT'],
    [0.5, 0.015, undefined],
    [0.7, 3.001, 'ATT'],
    [0.1, 179.999, 'ATT'],
    [1.1001, 3, 'EMT'],
    [1.4, 0.02, 'EMT'],
    [1.16, 12.5, 'ETT'],
    // Neither sag nor swell.
    [0.9, 1, undefined],
    [1, 1, undefined],
    [1.1, 1, undefined],
    // Three minutes: an interruption proper, or a voltage that counts.
    [0, 180, undefined],
    [0.85, 7_200, undefined],
    [1.2, 180, undefined],
    [0.5, 0, undefined],
  ] as const)
    it(`${magnitude} pu for ${duration} s is ${expected ?? 'none'}`, () =>
      assert.equal(vtcdClassOf(magnitude, duration, rule), expected))

  it('says of every event what it was: how deep, and how long (property)', () => {
    const [magnitude, duration] = [
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 400, noNaN: true }),
    ]
    fc.assert(
      fc.property(magnitude, duration, (pu, seconds) => {
        const found = vtcdClassOf(pu, seconds, rule)
        if (found === undefined) return assert.ok(seconds >= 180 || seconds <= 1 / 60 || (pu >= 0.9 && pu <= 1.1))
        assert.ok(vtcdClasses.includes(found))
        assert.equal(found[1], seconds <= 3 ? 'M' : 'T')
        assert.equal(found[0], pu < 0.1 ? 'I' : pu < 0.9 ? 'A' : 'E')
      }),
    )
  })
})
