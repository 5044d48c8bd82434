import assert from 'node:assert/strict'
import { onPhases, plus } from './by-line.ts'
import { steeredOn, type SteeredDevice } from './steered-devices.ts'

const device = (powerKw: number, lostBetween: SteeredDevice['lostBetween'] = null): SteeredDevice => ({
  ...{ deviceId: 'ev', feederId: 'f', phases: ['A', 'B'] as const, powerKw, lostBetween },
})

describe('what is taken off a measurement for devices', () => {
  it('is what they were measured to take, by phase', () =>
    assert.deepEqual(steeredOn([device(7), device(-4)]), {
      steeredKw: { total: 3, A: 1.5, B: 1.5, C: 0 },
      unsureKw: { total: 0, A: 0, B: 0, C: 0 },
    }))

  for (const [what, powerKw, lostBetween, off, most] of [
    ['may still be where it was measured, though it counts as fallen back', 7, { lowKw: 0, highKw: 0 }, 0, 7],
    ['may be more than it was measured to take', 0, { lowKw: 0, highKw: 7 }, 0, 0],
    ['may give more than it was measured to', -1, { lowKw: -5, highKw: 0 }, -1, -1],
    ['may give less than it was measured to', -5, { lowKw: 0, highKw: 0 }, -5, 0],
  ] as const)
    it(`of one that does not hear us: it ${what}`, () => {
      const { steeredKw, unsureKw } = steeredOn([device(powerKw, lostBetween)])
      assert.deepEqual([steeredKw.total, plus(steeredKw, unsureKw).total], [off, most])
      assert.deepEqual(onPhases(0, []), { total: 0, A: 0, B: 0, C: 0 })
    })
})
