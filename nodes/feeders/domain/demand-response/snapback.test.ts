import assert from 'node:assert/strict'
import fc from 'fast-check'
import { aCall, hourMs, minuteMs, six } from './call.fixture.ts'
import { snapbackAt, snapbackLimitKw, snapbackShedKw } from './snapback.ts'

describe('the return after an event', () => {
  const end = six + 2 * hourMs
  const limitAt = (at: number, normalKw = 110): number | undefined => {
    const step = snapbackAt(aCall(), at)
    return step && snapbackLimitKw(50, normalKw, step)
  }

  it('rises in five equal steps of ten minutes, from 50 kW to 110 kW', () => {
    const limits = [-1, 0, 9, 10, 20, 30, 40, 49, 50].map((minutes) => limitAt(end + minutes * minuteMs))
    assert.deepEqual(limits, [undefined, 60, 60, 70, 80, 90, 100, 100, undefined])
  })

  it('a normal limit below that of the event is what holds', () => assert.equal(limitAt(end, 40), 40))

  it('begins where the event is cancelled, and not at all where it never was', () => {
    const call = aCall({ cancelledAt: six + hourMs })
    assert.equal(snapbackAt(call, six + hourMs)?.until, six + hourMs + 10 * minuteMs)
    assert.equal(snapbackAt(aCall({ cancelledAt: six - 1 }), six), undefined)
  })

  it('what is to be shed falls as the limit rises', () => {
    const step = snapbackAt(aCall(), end + 20 * minuteMs)!
    assert.equal(snapbackShedKw(60, step), 30)
  })

  it('is never above what is normal, never falls, and ends (property)', () => {
    const kw = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(kw, kw, fc.integer({ min: 1, max: 240 }), (limitKw, normalKw, minutes) => {
        const call = aCall({ snapbackMs: minutes * minuteMs })
        let [at, last, steps] = [end, 0, 0]
        for (let step = snapbackAt(call, at); step; step = snapbackAt(call, at)) {
          const limit = snapbackLimitKw(limitKw, normalKw, step)
          assert.ok(limit <= normalKw && limit >= last && limit >= Math.min(limitKw, normalKw))
          assert.ok(step.until > at)
          ;[at, last, steps] = [step.until, limit, steps + 1]
        }
        assert.deepEqual([steps, at], [5, end + minutes * minuteMs])
      }),
    )
  })
})
