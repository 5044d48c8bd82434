import assert from 'node:assert/strict'
import fc from 'fast-check'
import { excesses, limitAt, settledAfter, turns, type Sample } from './over-limit.ts'

const course = (...kws: number[]): Sample[] => kws.map((kw, n) => ({ at: n * 10, kw }))
const always = [{ from: -100, limitKw: 100 }]

describe('the time over a limit', () => {
  it('counts from the first sample above it until the first one that is not', () => {
    assert.deepEqual(excesses(course(90, 110, 120, 100, 90), always, 10), [
      { from: 10, to: 30, mostKw: 20, afterStep: false },
    ])
  })

  it('is not what a meter does not see: one percent', () => {
    assert.deepEqual(excesses(course(101, 101, 90), always, 10), [])
    assert.equal(excesses(course(101.01, 90), always, 10).length, 1)
  })

  it('knows what began with a change of the limit, and ends with the record', () => {
    const limits = [...always, { from: 20, to: 40, limitKw: 50 }]
    assert.deepEqual(excesses(course(90, 90, 90, 90, 90, 90), limits, 10), [
      { from: 20, to: 40, mostKw: 40, afterStep: true },
    ])
    assert.deepEqual(excesses(course(110), [{ from: 0, limitKw: 100 }], 10), [
      { from: 0, to: 10, mostKw: 10, afterStep: true },
    ])
  })

  it('of limits that overlap is that of the smallest; where there is none nothing is over', () => {
    const limits = [
      { from: 0, to: 50, limitKw: 80 },
      { from: 20, to: 30, limitKw: 60 },
    ]
    assert.deepEqual(
      [-1, 0, 20, 30, 50].map((at) => limitAt(limits, at)),
      [Infinity, 80, 60, 80, Infinity],
    )
  })

  it('and the time within it make the whole (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1 }), (kws) => {
        const over = excesses(course(...kws), always, 10).reduce((sum, { from, to }) => sum + to - from, 0)
        assert.equal(over, 10 * kws.filter((kw) => kw > 101).length)
      }),
    )
  })
})

describe('settling', () => {
  it('is done when a line is within its limit and stays so', () => {
    assert.equal(settledAfter(course(120, 90, 120, 90, 90, 90), always, 0, 20), 30)
    assert.equal(settledAfter(course(90, 90, 90, 90), always, 10, 20), 0)
    assert.equal(settledAfter(course(90, 90), always, 0, 20), undefined)
  })
})

describe('turns of a course', () => {
  for (const [what, kws, expected] of [
    ['a ramp', [0, 10, 20, 30], 0],
    ['noise within the band', [50, 54, 50, 54, 50], 0],
    ['one peak', [0, 20, 0], 1],
    ['a saw', [0, 20, 0, 20, 0], 3],
    ['a slow saw', [0, 4, 8, 12, 8, 4, 0, 4, 8, 12], 2],
  ] as const)
    it(`${what}: ${expected}`, () => assert.equal(turns(kws, 5), expected))

  it('are none in what only rises (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e3, noNaN: true })), (kws) =>
        assert.equal(
          turns(
            kws.toSorted((a, b) => a - b),
            1,
          ),
          0,
        ),
      ),
    )
  })
})
