import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawOf } from './draw.ts'
import { noTransfer, positionsIn, stepTransfer, type Transfer } from './transfer.ts'

const always = { uniform: () => 0, normal: () => 0 }
const never = { uniform: () => 1 - Number.EPSILON, normal: () => 0 }

describe('the transfer', () => {
  it('carries the feeder over for 20 minutes and back, 10 s for each move', () => {
    const began: [number, string][] = []
    let transfer = stepTransfer(noTransfer, always, 1)
    for (let second = 0, before = ''; transfer.stage !== 'normal'; second++) {
      if (transfer.stage !== before) began.push([second, transfer.stage])
      before = transfer.stage
      transfer = stepTransfer(transfer, never, 1)
    }
    assert.deepEqual(began, [
      [0, 'closing over'],
      [10, 'transferred'],
      [1210, 'closing back'],
    ])
  })

  it('closes one way before it opens the other: a customer is never without supply (property)', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: 1, max: 20 * 24 * 3600 }), { maxLength: 200 }),
        (seed, steps) => {
          const draw = drawOf(seed, 'transfer')
          let before = positionsIn(noTransfer)
          let transfer: Transfer = noTransfer
          for (const dtS of steps) {
            transfer = stepTransfer(transfer, draw, dtS)
            const now = positionsIn(transfer)
            assert.ok(now.section === 'closed' || now.tie === 'closed')
            assert.ok(now.section === before.section || now.tie === before.tie, 'one switch at a time')
            before = now
          }
        },
      ),
    )
  })

  it('happens once in two weeks on average, whatever the step', () => {
    for (const dtS of [600, 3600]) {
      const draw = drawOf(1, 'transfer')
      const days = 14 * 200
      let count = 0
      for (let step = 0; step < (days * 24 * 3600) / dtS; step++)
        if (stepTransfer(noTransfer, draw, dtS).stage !== 'normal') count += 1
      assert.ok(count > 150 && count < 250, `${count} in ${days} days`)
    }
  })

  it('draws once a step, so that its stages change no later draw', () => {
    for (const stage of ['normal', 'closing over', 'transferred', 'closing back'] as const) {
      let drawn = 0
      stepTransfer({ stage, forS: 0 }, { ...never, uniform: () => (drawn++, 0.5) }, 1)
      assert.equal(drawn, 1)
    }
  })
})
