import assert from 'node:assert/strict'
import fc from 'fast-check'
import { meanSetpoints, minuteMs, stretchesOf, switchesOf, type Told } from './told.ts'

const begin = Date.UTC(2026, 5, 1, 12)
const at = (minutes: number): number => begin + minutes * minuteMs
const told = (minutes: number, powerKw: number | null, untilMinutes = 1_000): Told => ({
  ...{ at: at(minutes), powerKw, expiresAt: powerKw === null ? null : at(untilMinutes) },
})
const shown = (tolds: readonly Told[], from = 0, to = 10) =>
  stretchesOf(tolds, at(from), at(to)).map(
    (one) => `${(one.from - begin) / minuteMs}…${(one.to - begin) / minuteMs}: ${one.powerKw}`,
  )

describe('what a device was told', () => {
  it('holds until something newer comes, or it is let go', () => {
    assert.deepEqual(shown([told(-5, 3), told(2, 4), told(6, null), told(8, -1)]), ['0…2: 3', '2…6: 4', '8…10: -1'])
  })

  it('holds no longer than its time', () => {
    assert.deepEqual(shown([told(-5, 3, 4)]), ['0…4: 3'])
    assert.deepEqual(shown([told(-5, 3, 0), told(3, 2, 5)]), ['3…5: 2'])
  })

  it('is nothing where it was told nothing', () => {
    assert.deepEqual([shown([]), shown([told(12, 3)]), shown([told(-3, null)])], [[], [], []])
  })
})

describe('the mean setpoint of a minute', () => {
  const means = (tolds: readonly Told[]) =>
    [...meanSetpoints(stretchesOf(tolds, at(0), at(3)), at(0), at(3))].map(
      ([minute, kw]) => `${(minute - begin) / minuteMs}: ${kw}`,
    )

  it('weighs each by its time', () => assert.deepEqual(means([told(-1, 4), told(0.25, 8)]), ['0: 7', '1: 8', '2: 8']))

  it('is none where it had a setpoint for a part only', () => {
    assert.deepEqual(means([told(0.5, 4), told(2.5, null)]), ['1: 4'])
  })
})

describe('switches', () => {
  const count = (...powers: (number | null)[]) =>
    switchesOf(
      stretchesOf(
        powers.map((power, minute) => told(minute, power)),
        at(0),
        at(100),
      ),
    )

  it('are changes between drawing, resting and feeding', () => {
    assert.deepEqual([count(3, 4, 0, 0, 5), count(2, -2), count(7, 7, 7), count()], [2, 1, 0, 0])
  })

  it('are none where it was let go between the same', () => assert.equal(count(3, null, 3, null, 0), 1))

  it('are fewer than what it was told (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: -5, max: 5, noNaN: true })), { maxLength: 30 }), (powers) => {
        assert.ok(count(...powers) <= Math.max(0, powers.filter((power) => power !== null).length - 1))
      }),
    )
  })
})
