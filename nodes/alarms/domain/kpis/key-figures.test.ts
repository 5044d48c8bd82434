import assert from 'node:assert/strict'
import fc from 'fast-check'
import { figureNames, keyFigures, targets, verdictOf, type Counted, type FigureName } from './key-figures.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const quiet: Counted = {
  ...{ from: 0, until: dayMs, minutes: [], byPriority: { low: 0, medium: 0, high: 0, critical: 0 }, mostFrequent: [] },
  ...{ chattering: 0, stale: 0, suppressedWithoutAuthorisation: 0 },
}
/** An alarm a minute for so many minutes, with a pause after each. */
const spread = (alarms: number, everyMinutes: number) =>
  Array.from({ length: alarms }, (_, n) => ({ minute: n * everyMinutes * minuteMs, alarms: 1 }))
const figure = (counted: Counted, name: FigureName) => {
  const { value, verdict } = keyFigures(counted).figures.find((one) => one.name === name)!
  return [value, verdict]
}

describe('verdicts', () => {
  for (const [name, value, verdict] of [
    ['alarms-per-day', 150, 'met'],
    ['alarms-per-day', 150.1, 'tolerable'],
    ['alarms-per-day', 300, 'tolerable'],
    ['alarms-per-day', 300.1, 'missed'],
    ['ten-minutes-above-ten', 0.99, 'met'],
    ['ten-minutes-above-ten', 1, 'missed'],
    ['time-in-flood', 1, 'missed'],
    ['ten-most-frequent', 1, 'met'],
    ['ten-most-frequent', 5, 'tolerable'],
    ['ten-most-frequent', 5.1, 'missed'],
    ['chattering', 0, 'met'],
    ['chattering', 1, 'missed'],
    ['stale', 4, 'met'],
    ['stale', 5, 'missed'],
    ['low-priority', 80, 'met'],
    ['low-priority', 79.9, 'missed'],
    ['medium-priority', 15, 'met'],
    ['high-priority', 5.1, 'missed'],
    ['suppressed-without-authorisation', 1, 'missed'],
  ] as const)
    it(`${name} of ${value}: ${verdict}`, () => assert.equal(verdictOf(value, targets[name]), verdict))

  it('are none where there is nothing to judge', () => assert.equal(verdictOf(null, targets.stale), null))

  it('never get better as more alarms come (property)', () => {
    const order = ['met', 'tolerable', 'missed']
    fc.assert(
      fc.property(
        fc.constantFrom(...figureNames.filter((name) => targets[name].sense !== 'atLeast')),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        (name, one, more) =>
          order.indexOf(verdictOf(one, targets[name])!) <= order.indexOf(verdictOf(one + more, targets[name])!),
      ),
    )
  })
})

describe('key figures', () => {
  it('of a day with 144 alarms, one every ten minutes, are met', () => {
    const counted = { ...quiet, minutes: spread(144, 10), byPriority: { low: 116, medium: 21, high: 6, critical: 1 } }
    assert.deepEqual(figure(counted, 'alarms-per-day'), [144, 'met'])
    assert.deepEqual(figure(counted, 'alarms-per-ten-minutes'), [1, 'met'])
    assert.deepEqual(figure(counted, 'ten-minutes-above-ten'), [0, 'met'])
    assert.deepEqual(figure(counted, 'time-in-flood'), [0, 'met'])
    assert.deepEqual(figure(counted, 'low-priority'), [(100 * 116) / 144, 'met'])
    assert.deepEqual(figure(counted, 'high-priority'), [(100 * 7) / 144, 'met'])
  })

  it('count floods, and ten minutes with more than ten alarms', () => {
    const minutes = [
      { minute: 60 * minuteMs, alarms: 30 },
      { minute: 300 * minuteMs, alarms: 11 },
    ]
    const counted = { ...quiet, minutes }
    assert.equal(keyFigures(counted).floods.length, 2)
    assert.deepEqual(figure(counted, 'time-in-flood'), [(100 * 22) / 1440, 'missed'])
    assert.deepEqual(figure(counted, 'ten-minutes-above-ten'), [(100 * 2) / 144, 'missed'])
  })

  it('say how much of all the ten most frequent are', () =>
    assert.deepEqual(figure({ ...quiet, minutes: spread(200, 7), mostFrequent: [8, 2] }, 'ten-most-frequent'), [
      5,
      'tolerable',
    ]))

  it('have no shares where no alarm came', () => {
    for (const name of ['ten-most-frequent', 'low-priority', 'medium-priority', 'high-priority'] as const)
      assert.deepEqual(figure(quiet, name), [null, null])
    assert.deepEqual(figure(quiet, 'alarms-per-day'), [0, 'met'])
  })

  it('are each there once, in their order', () =>
    assert.deepEqual(
      keyFigures(quiet).figures.map(({ name }) => name),
      [...figureNames],
    ))
})
