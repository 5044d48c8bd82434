import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DayFigure } from './day.ts'
import { commonPanel, degradation, soiling, usualOf, type Usual } from './slow-loss.ts'

const usual: Usual = { power: 1.02, voltage: 0.99, current: 1.03, warmerC: 0, days: 8 }
/** Days, each with the share of power and voltage that is left. */
const course = (
  count: number,
  power: (day: number) => number,
  voltage: ((day: number) => number) | null = () => 1,
): DayFigure[] =>
  Array.from({ length: count }, (_, day) => ({
    ...{ day, power: usual.power * power(day), voltage: voltage && usual.voltage * voltage(day) },
    ...{ current: usual.current * power(day), warmerC: 0 },
  }))
const says = (days: readonly DayFigure[]) => [soiling(days, usual, false).says, degradation(days, usual, false).says]

describe('a slow loss', () => {
  it('is dirt where it takes light, and no voltage', () =>
    assert.deepEqual(says(course(20, (day) => 1 - 0.004 * Math.max(0, day - 8))), ['holds', 'clear']))
  it('is age where it takes voltage as well', () =>
    assert.deepEqual(
      says(
        course(
          90,
          (day) => 1 - 0.0006 * day,
          (day) => 1 - 0.0003 * day,
        ),
      ),
      ['clear', 'holds'],
    ))
  it('is told by its speed where nobody measures voltage', () => {
    assert.deepEqual(says(course(20, (day) => 1 - 0.004 * Math.max(0, day - 8), null)), ['holds', 'clear'])
    assert.deepEqual(says(course(90, (day) => 1 - 0.0006 * day, null)), ['clear', 'holds'])
  })
  it('is none below 3 %', () => assert.deepEqual(says(course(30, (day) => 1 - 0.0009 * day)), ['clear', 'clear']))
  it('is none that one day brought', () =>
    assert.deepEqual(says(course(30, (day) => (day < 20 ? 1 : 0.8))), ['clear', 'clear']))
  it('lasts until rain took all but half of a threshold', () => {
    const after = (left: number) =>
      soiling(
        course(30, (day) => (day < 27 ? 1 - 0.005 * day : left)),
        usual,
        true,
      ).says
    assert.deepEqual([after(0.95), after(0.99)], ['holds', 'clear'])
  })
  it('is not judged before anybody knows what is usual', () =>
    assert.equal(
      soiling(
        course(20, (day) => 1 - 0.01 * day),
        commonPanel,
        false,
      ).says,
      'unknown',
    ))
  it('is none of a panel that stays as it is within 2 % (property)', () => {
    const noise = fc.array(fc.double({ min: 0.98, max: 1.02, noNaN: true }), { minLength: 10, maxLength: 60 })
    fc.assert(
      fc.property(noise, (left) =>
        assert.deepEqual(says(course(left.length, (day) => left[day]!)), ['clear', 'clear']),
      ),
    )
  })
})

describe('what is usual for a panel', () => {
  it('is learned from its first eight days, and kept', () => {
    const days = course(12, (day) => 1 + day / 100)
    assert.equal(usualOf(commonPanel, days.slice(0, 7)), commonPanel)
    const learned = usualOf(commonPanel, days)
    assert.ok(Math.abs(learned.power - 1.02 * 1.035) < 1e-9)
    assert.equal(
      usualOf(
        learned,
        course(12, () => 0.5),
      ),
      learned,
    )
  })
})
