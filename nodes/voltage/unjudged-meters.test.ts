import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { UnjudgedMeters } from './unjudged-meters.ts'

describe('meters that cannot be judged', () => {
  it('are told of once, and again where the reason is another one', () => {
    const meters = new UnjudgedMeters()
    const reason = 'no bands are known for 100 V'
    assert.deepEqual(
      meters.tell(
        [
          { deviceId: 'm-1', reason },
          { deviceId: 'm-2', reason },
        ],
        0,
      ),
      ['voltage of m-1, m-2 cannot be judged: no bands are known for 100 V'],
    )
    assert.deepEqual(meters.tell([{ deviceId: 'm-1', reason }], 0), [])
    assert.deepEqual(meters.tell([{ deviceId: 'm-1', reason: 'no nominal voltage is known' }], 0), [
      'voltage of m-1 cannot be judged: no nominal voltage is known',
    ])
    assert.equal(meters.size, 2)
  })

  it('are named as far as a line goes, and remembered as far as there is room', () => {
    const meters = new UnjudgedMeters()
    const many = Array.from({ length: 11_000 }, (_, n) => ({ deviceId: `m-${n}`, reason: 'x' }))
    const [line] = meters.tell(many, 0)
    assert.match(line!, /^voltage of m-0, .*m-19 and 9980 more cannot be judged: x$/)
    assert.equal(meters.size, 10_000)
    assert.deepEqual(meters.tell(many, 0), [])
  })

  it('are forgotten when nothing has been heard of them for a day', () => {
    const meters = new UnjudgedMeters()
    meters.tell([{ deviceId: 'm-1', reason: 'x' }], 0)
    meters.tell([{ deviceId: 'm-2', reason: 'x' }], 0)
    meters.tell([{ deviceId: 'm-2', reason: 'x' }], 1_000)
    meters.forgetSilent(86_400_000)
    assert.equal(meters.size, 2)
    meters.forgetSilent(86_400_001)
    assert.equal(meters.size, 1)
    assert.equal(meters.tell([{ deviceId: 'm-1', reason: 'x' }], 86_400_001).length, 1)
  })
})
