import assert from 'node:assert/strict'
import fc from 'fast-check'
import { onPhases } from './by-line.ts'
import { steeredDuring, withRound, type SteeredAt } from './steered-history.ts'

const second = 1_000
const rounds = (...powers: number[]): SteeredAt[] =>
  powers.map((kw, index) => ({ at: index * 60 * second, powerKw: onPhases(kw, ['A']) }))
const during = (history: readonly SteeredAt[], untilS: number, windowS: number, toleranceKw = 1) =>
  steeredDuring(history, untilS * second, windowS * second, toleranceKw)?.total

describe('what was steered when a meter measured', () => {
  const history = rounds(0, 20, 20, 5)

  it('is what the next round saw: devices follow at once', () => {
    assert.equal(during(history, 30, 0), 20)
    assert.equal(during(history, 60, 0), 20)
    assert.equal(during(history, 150, 0), 5)
    assert.equal(during(history, 200, 0), 5)
    assert.equal(during([], 5, 0), 0)
  })

  it('is not known while devices go where they were told, unless they go nowhere', () => {
    assert.equal(during(history, 3, 0), undefined)
    assert.equal(during(history, 3, 0, 25), 20)
    assert.equal(during(history, 63, 0), 20)
    assert.equal(during(history, 11, 0), 20)
  })

  it('is the mean of a window', () => {
    assert.equal(during(history, 120, 60), 20)
    assert.equal(during(history, 180, 120), 12.5)
    assert.equal(during(history, 60, 600), 20 * 0.1)
  })

  it('stays within what the rounds saw (property)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 0, max: 1_600 }),
        fc.integer({ min: 0, max: 900 }),
        (powers, untilS, windowS) => {
          const kept = rounds(...powers).reduce<readonly SteeredAt[]>(withRound, [])
          assert.ok(kept.length <= 20)
          const kw = during(kept, untilS, windowS, Infinity)!
          assert.ok(kw >= Math.min(...powers) - 1e-9 && kw <= Math.max(...powers) + 1e-9)
        },
      ),
    )
  })

  it('forgets the rounds of a time that has not come yet', () =>
    assert.deepEqual(
      withRound(rounds(1, 2, 3), { at: 60 * second, powerKw: onPhases(9, []) }).map(({ powerKw }) => powerKw.total),
      [1, 9],
    ))
})
