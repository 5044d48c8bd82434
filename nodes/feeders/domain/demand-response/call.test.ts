import assert from 'node:assert/strict'
import { aCall, hourMs, six } from './call.fixture.ts'
import { endOf, everInForce, isInForce } from './call.ts'

describe('when a call is in force', () => {
  it('from its beginning until before its end', () => {
    const call = aCall()
    const instants = [six - 1, six, six + 2 * hourMs - 1, six + 2 * hourMs]
    assert.deepEqual(
      instants.map((at) => isInForce(call, at)),
      [false, true, true, false],
    )
  })

  it('until it is cancelled', () => {
    const call = aCall({ cancelledAt: six + hourMs })
    assert.equal(endOf(call), six + hourMs)
    assert.deepEqual([isInForce(call, six + hourMs - 1), isInForce(call, six + hourMs)], [true, false])
  })

  it('never, where it was cancelled before its beginning', () => {
    const call = aCall({ cancelledAt: six - hourMs })
    assert.equal(everInForce(call), false)
    assert.equal(isInForce(call, six), false)
  })
})
