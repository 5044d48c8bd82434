import assert from 'node:assert/strict'
import fc from 'fast-check'
import { boundsOf, longestSetpointMs, setpointRefusal, type AskedSetpoint, type SetpointDevice } from './setpoint.ts'

const now = Date.UTC(2026, 2, 2, 12)
const battery: SetpointDevice = { deviceId: 'bat-1', kind: 'der', derType: 'battery', status: 'active', ratedKw: 5 }
const pv: SetpointDevice = { ...battery, deviceId: 'pv-1', derType: 'pv', ratedKw: 8 }
const ask = (powerKw: number | null, more: Partial<AskedSetpoint> = {}): AskedSetpoint => ({
  ...{ deviceId: 'bat-1', powerKw, expiresAt: powerKw === null ? null : now + 60_000, reason: null },
  ...more,
})

describe('a setpoint', () => {
  it('is followed up to what the device is rated for, both ways', () => {
    for (const kw of [-5, 0, 5]) assert.equal(setpointRefusal(ask(kw), battery, now), undefined)
    for (const kw of [-5.01, 5.01])
      assert.equal(
        setpointRefusal(ask(kw), battery, now),
        `bat-1 can follow -5 to 5 kW (battery, consumption positive), not ${kw} kW`,
      )
  })

  it('of what only generates is never positive', () => {
    assert.equal(setpointRefusal(ask(-8), pv, now), undefined)
    assert.match(setpointRefusal(ask(0.1), pv, now)!, /can follow -8 to 0 kW \(pv/)
  })

  it('is refused to a device that is not known, not approved, no DER, or of which nobody knows the rating', () => {
    assert.equal(setpointRefusal(ask(1), undefined, now), 'bat-1 is not registered')
    assert.match(setpointRefusal(ask(1), { ...battery, status: 'pending' }, now)!, /has to be approved/)
    assert.match(setpointRefusal(ask(1), { ...battery, kind: 'meter', derType: null }, now)!, /is a meter: DERs/)
    assert.match(setpointRefusal(ask(1), { ...battery, kind: null, derType: null }, now)!, /no known kind/)
    assert.match(setpointRefusal(ask(1), { ...battery, ratedKw: null }, now)!, /no rated power/)
  })

  it('holds for some time, and for a day at most', () => {
    const until = (expiresAt: number) => setpointRefusal(ask(1, { expiresAt }), battery, now)
    assert.match(until(now)!, /2026-03-02T12:00:00.000Z is over already/)
    assert.equal(until(now + longestSetpointMs), undefined)
    assert.match(until(now + longestSetpointMs + 1)!, /more than 24 h away/)
  })

  it('is taken back from a device whose rating was never entered', () =>
    assert.equal(setpointRefusal(ask(null), { ...battery, ratedKw: null }, now), undefined))

  it('never passes beyond the bounds (property)', () => {
    const kw = fc.double({ min: -1e5, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(
        kw,
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        fc.constantFrom(battery, pv),
        (power, rated, of) => {
          const { fromKw, untilKw } = boundsOf(of.derType!, rated)
          const isRefused = setpointRefusal(ask(power), { ...of, ratedKw: rated }, now) !== undefined
          assert.equal(isRefused, power < fromKw || power > untilKw)
        },
      ),
    )
    assert.ok(Object.is(boundsOf('battery', 0).fromKw, 0))
    assert.match(setpointRefusal(ask(NaN), battery, now)!, /not NaN kW/)
  })
})
