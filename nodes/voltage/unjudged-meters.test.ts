import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { UnjudgedMeters } from './unjudged-meters.ts'

describe('meters that cannot be judged', () => {
  it('are told of once, and again where the reason is another one', () => {
    const meters = new UnjudgedMeters()
    const reason = 'no bands are known for 100 V'
    assert.deepEqual(
      meters.tell([
        { deviceId: 'm-1', reason },
        { deviceId: 'm-2', reason },
      ]),
      ['voltage of m-1, m-2 cannot be judged: no bands are known for 100 V'],
    )
    assert.deepEqual(meters.tell([{ deviceId: 'm-1', reason }]), [])
    assert.deepEqual(meters.tell([{ deviceId: 'm-1', reason: 'no nominal voltage is known' }]), [
      'voltage of m-1 cannot be judged: no nominal voltage is known',
    ])
    assert.equal(meters.size, 2)
  })

  it('are named as far as a line goes, and remembered as far as there is room', () => {
    const meters = new UnjudgedMeters()
    const many = Array.from({ length: 11_000 }, (_, n) => ({ deviceId: `m-${n}`, reason: 'x' }))
    const [line] = meters.tell(many)
    assert.match(line!, /^voltage of m-0, .*m-19 and 9980 more cannot be judged: x$/)
    assert.equal(meters.size, 10_000)
    assert.deepEqual(meters.tell(many), [])
  })
})
