import assert from 'node:assert/strict'
import type { LiveInterruption } from '../../../../../platform/wire/live.ts'
import { openInterruptions } from './open-interruptions.ts'

const interruption = (
  interruptionId: number,
  unitsOut: number,
  outlook: object | null,
  endedAt: string | null = null,
) => ({ interruptionId, unitsOut, outlook, endedAt }) as LiveInterruption

describe('interruptions that last', () => {
  it('stand in the order of restoration, and add up', () => {
    const open = openInterruptions([
      interruption(1, 5, null),
      interruption(2, 10, { rank: 2, avoidedBrl: 20.5, pendingUnits: 0 }),
      interruption(3, 7, { rank: 1, avoidedBrl: 100, pendingUnits: 0 }),
      interruption(4, 900, null, '2026-03-10T12:00:00Z'),
      interruption(5, 50, null),
    ])
    assert.deepEqual(
      open.items.map(({ interruptionId }) => interruptionId),
      [3, 2, 5, 1],
    )
    assert.deepEqual([open.unitsOut, open.avoidedBrl, open.isAtLeast], [72, 120.5, true])
  })

  it('are known in R$ where every unit is', () => {
    const all = [interruption(1, 5, { rank: 1, avoidedBrl: 3, pendingUnits: 0 })]
    assert.equal(openInterruptions(all).isAtLeast, false)
    const pending = [interruption(1, 5, { rank: 1, avoidedBrl: 3, pendingUnits: 2 })]
    assert.equal(openInterruptions(pending).isAtLeast, true)
  })

  it('are none, and cost nothing, when all have ended', () =>
    assert.deepEqual(openInterruptions([]), { items: [], unitsOut: 0, avoidedBrl: 0, isAtLeast: false }))
})
