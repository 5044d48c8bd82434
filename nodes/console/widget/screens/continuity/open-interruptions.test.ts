import assert from 'node:assert/strict'
import type { LiveInterruption } from '../../../../../platform/wire/live.ts'
import { costsOf, endedLately, lastingByRank, supplyMark } from './open-interruptions.ts'

const interruption = (interruptionId: number, rest: object = {}): LiveInterruption =>
  ({
    ...{ interruptionId, unitsOut: 4, startedAt: '2026-11-22T12:00:00.000Z', endedAt: null, outlook: null },
    ...rest,
  }) as LiveInterruption
const ids = (each: readonly LiveInterruption[]): number[] => each.map(({ interruptionId }) => interruptionId)

describe('interruptions', () => {
  const all = [
    interruption(1),
    interruption(2, { outlook: { rank: 2 } }),
    interruption(3, { outlook: { rank: 1 } }),
    interruption(4, { startedAt: '2026-11-22T11:00:00.000Z' }),
    interruption(5, { endedAt: '2026-11-22T12:10:00.000Z' }),
    interruption(6, { endedAt: '2026-11-22T12:20:00.000Z' }),
  ]

  it('that last stand by whom to restore first, those that are not ranked yet last', () =>
    assert.deepEqual(ids(lastingByRank(all)), [3, 2, 4, 1]))

  it('that have ended stand by their end', () => assert.deepEqual(ids(endedLately(all)), [6, 5]))

  it('may have changed what is supplied when one began, ended, or has other units out', () => {
    const mark = supplyMark(all)
    assert.equal(supplyMark(all.toReversed()), mark)
    assert.equal(supplyMark(all.with(0, interruption(1, { customerHours: 9 }))), mark)
    assert.notEqual(supplyMark(all.with(0, interruption(1, { unitsOut: 3 }))), mark)
    assert.notEqual(supplyMark(all.slice(1)), mark)
  })
})

describe('what an outage costs', () => {
  it('is by the case that it stands in', () => {
    const costs = { ordinary: { nowBrl: 1 }, criticalDay: { nowBrl: 2 }, emergency: { nowBrl: 3 } }
    const standing = (name: string) => costsOf(interruption(1, { outlook: { standing: name, costs } }))
    assert.deepEqual(
      ['ordinary', 'criticalDay', 'emergency', 'uncounted'].map((name) => standing(name)?.nowBrl),
      [1, 2, 3, undefined],
    )
    assert.equal(costsOf(interruption(1)), null)
  })
})
