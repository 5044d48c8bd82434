import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import type { LiveDevice } from '../../../platform/wire/live.ts'
import { feederLoads } from './feeder-load.ts'

const now = Date.UTC(2026, 10, 21, 12)
const device = (
  feederId: string | null,
  type: string | null,
  powerKw: number | null,
  ageMs: number | null,
): LiveDevice => ({
  ...{ deviceId: 'd', kind: type === null ? 'meter' : 'der', type, feederId, priority: null, quality: 'good', powerKw },
  ...{ at: null, receivedAt: ageMs === null ? null : new Date(now - ageMs).toISOString(), values: {} },
})
const loads = (devices: LiveDevice[]) => [...feederLoads(devices, now, 120_000).values()]

describe('the load of the feeders', () => {
  it('is the sum over its devices, by type; generation counts against it', () => {
    const devices = [
      device('f-1', 'ev', 7.2, 1_000),
      device('f-1', 'ev', 3.6, 1_000),
      device('f-1', 'pv', -5, 1_000),
      device('f-1', null, 1.5, 1_000),
      device('f-2', 'battery', -1, 1_000),
    ]
    assert.deepEqual(loads(devices), [
      {
        ...{ feederId: 'f-1', totalKw: 7.3, limitKw: null, deviceCount: 4 },
        byType: {
          ev: { totalKw: 10.8, deviceCount: 2 },
          pv: { totalKw: -5, deviceCount: 1 },
          meter: { totalKw: 1.5, deviceCount: 1 },
        },
      },
      {
        ...{ feederId: 'f-2', totalKw: -1, limitKw: null, deviceCount: 1 },
        byType: { battery: { totalKw: -1, deviceCount: 1 } },
      },
    ])
  })

  it('leaves out who is silent, has never reported, or has no power; the feeder stays', () => {
    const devices = [device('f-1', 'ev', 7, 120_000), device('f-1', 'ev', 7, null), device('f-1', 'x', null, 0)]
    assert.deepEqual(loads(devices), [{ feederId: 'f-1', totalKw: 0, limitKw: null, deviceCount: 0, byType: {} }])
    assert.equal(loads([device('f-1', 'ev', 7, 119_999)])[0]!.totalKw, 7)
  })

  it('knows nothing of devices without a feeder', () => assert.deepEqual(loads([device(null, 'ev', 7, 0)]), []))

  it('does not depend on the order of the devices, and its types make up the whole (property)', () => {
    const some = fc.array(fc.record({ type: fc.constantFrom('ev', 'pv'), w: fc.integer({ min: -1e7, max: 1e7 }) }), {
      maxLength: 50,
    })
    fc.assert(
      fc.property(some, (list) => {
        const devices = list.map(({ type, w }) => device('f-1', type, w / 1_000, 0))
        assert.deepEqual(loads(devices.toReversed()), loads(devices))
        const [load] = loads(devices)
        const parts = Object.values(load?.byType ?? {}).reduce((sum, { totalKw }) => sum + totalKw, 0)
        assert.ok(Math.abs(parts - (load?.totalKw ?? 0)) < 0.002)
      }),
    )
  })
})
