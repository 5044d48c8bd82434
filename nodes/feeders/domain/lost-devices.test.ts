import assert from 'node:assert/strict'
import { heardSpan, lostSpan } from './lost-devices.ts'
import type { ObservedDevice } from './observed-device.ts'
import { earlier, minuteMs, noon, observed, reading } from './observed-device.fixture.ts'

const silentMs = 2 * minuteMs
const span = (given: Partial<ObservedDevice>) => {
  const found = lostSpan(observed(given), noon, silentMs)
  return found && [found.loss, found.lowKw, found.highKw]
}
const silent = { reading: reading({ receivedAt: noon - silentMs - 1 }) }
const told = (powerKw: number, expiresAt = noon + 1) => ({ powerKw, expiresAt })

describe('a device that does not hear', () => {
  it('is offline, silent for too long, or was never heard', () => {
    assert.equal(span({}), undefined)
    assert.equal(span({ reading: reading({ receivedAt: noon - silentMs }) }), undefined)
    assert.deepEqual(span(silent), ['silent', 0, 0])
    assert.deepEqual(span({ isOffline: true }), ['offline', 0, 0])
    assert.deepEqual(span({ reading: null }), ['never-heard', 0, 0])
  })

  it('is at the larger of what it was told and its fallback while that holds, then at its fallback', () => {
    assert.deepEqual(span({ ...silent, told: told(5) }), ['silent', 0, 5])
    assert.deepEqual(span({ ...silent, told: told(5), fallbackKw: 6 }), ['silent', 0, 6])
    assert.deepEqual(span({ ...silent, told: told(5, noon), fallbackKw: 2 }), ['silent', 0, 2])
  })

  it('may follow what it was told before the last that it did not hear', () => {
    const heard = { lowKw: 3, highKw: 7, until: noon + 1 }
    assert.deepEqual(span({ ...silent, told: told(3), share: earlier({ heard }) }), ['silent', 0, 7])
    assert.deepEqual(span({ ...silent, told: told(3), share: earlier({ heard: { ...heard, until: noon } }) }), [
      'silent',
      0,
      3,
    ])
  })

  it('is, of a battery, between discharging and its fallback', () => {
    assert.deepEqual(span({ ...silent, kind: 'battery', told: told(-4) }), ['silent', -4, 0])
    assert.deepEqual(span({ ...silent, kind: 'battery', told: told(-4, noon - 1), fallbackKw: 1 }), ['silent', 1, 1])
  })

  it('is, of a PV, anything from all it can to nothing: others do not count on it', () => {
    assert.deepEqual(span({ ...silent, kind: 'pv', told: told(-2) }), ['silent', -7.4, 0])
  })
})

describe('what a device may have heard', () => {
  it('is the span of all that still holds', () => {
    const of = (lowKw: number, highKw: number, until: number) => ({ lowKw, highKw, until })
    assert.deepEqual(
      heardSpan([of(1, 4, noon + 5), null, of(3, 6, noon + 9), of(0, 99, noon)], noon),
      of(1, 6, noon + 9),
    )
    assert.equal(heardSpan([of(0, 99, noon), null], noon), null)
  })
})
