import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { LiveDevice } from '../../../platform/wire/live.ts'
import { feederLoads, type FeederRegistry } from './feeder-load.ts'

const now = Date.UTC(2026, 10, 21, 12)
const device = (feederId: string | null, type: string, powerKw: number | null, ageMs: number | null): LiveDevice => ({
  ...{ deviceId: 'd', kind: 'der', type, feederId, priority: null, ofUnit: false, quality: 'good', powerKw },
  ...{ at: null, receivedAt: ageMs === null ? null : new Date(now - ageMs).toISOString(), values: {} },
})
const flat = new Map([['f-1', null]])
const registryOf = (parents: ReadonlyMap<string, string | null>): FeederRegistry => ({
  ...{ parents, heads: new Set(), phases: new Map() },
})
const loads = (devices: LiveDevice[], parents: ReadonlyMap<string, string | null> = flat) => [
  ...feederLoads(devices, registryOf(parents), now, 120_000).values(),
]

describe('the load of the feeders', () => {
  it('is the sum over its devices, by type; generation counts against it', () => {
    const devices = [
      device('f-1', 'ev', 7.2, 1_000),
      device('f-1', 'ev', 3.6, 1_000),
      device('f-1', 'pv', -5, 1_000),
      device('f-1', 'meter', 1.5, 1_000),
      device('f-2', 'battery', -1, 1_000),
    ]
    assert.deepEqual(
      loads(
        devices,
        new Map([
          ['f-1', null],
          ['f-2', null],
        ]),
      ),
      [
        {
          ...{ feederId: 'f-1', totalKw: 7.3, limitKw: null, deviceCount: 4 },
          byType: {
            ev: { totalKw: 10.8, count: 2 },
            pv: { totalKw: -5, count: 1 },
            meter: { totalKw: 1.5, count: 1 },
          },
          byPhase: { A: 2.433, B: 2.433, C: 2.433 },
        },
        {
          ...{ feederId: 'f-2', totalKw: -1, limitKw: null, deviceCount: 1 },
          byType: { battery: { totalKw: -1, count: 1 } },
          byPhase: { A: -0.333, B: -0.333, C: -0.333 },
        },
      ],
    )
  })

  it('leaves out who is silent, has never reported, or has no power; the feeder stays', () => {
    const devices = [device('f-1', 'ev', 7, 120_000), device('f-1', 'ev', 7, null), device('f-1', 'x', null, 0)]
    assert.deepEqual(loads(devices), [
      { feederId: 'f-1', totalKw: 0, limitKw: null, deviceCount: 0, byType: {}, byPhase: { A: 0, B: 0, C: 0 } },
    ])
    assert.equal(loads([device('f-1', 'ev', 7, 119_999)])[0]!.totalKw, 7)
  })

  it('leaves out the meters at the heads of feeders, which measure what the others do', () => {
    const devices = [device('f-1', 'ev', 7, 0), { ...device('f-1', 'meter', 90, 0), deviceId: 'head' }]
    const [load] = feederLoads(devices, { ...registryOf(flat), heads: new Set(['head']) }, 0, 1).values()
    assert.deepEqual([load!.totalKw, load!.deviceCount], [7, 1])
  })

  it('knows nothing of devices without a feeder', () =>
    assert.equal(loads([device(null, 'ev', 7, 0)])[0]!.deviceCount, 0))

  it('is that of everything below', () => {
    const parents = new Map([
      ['substation', null],
      ['f-1', 'substation'],
      ['f-1a', 'f-1'],
      ['f-2', 'substation'],
    ])
    const devices = [device('f-1', 'ev', 1, 0), device('f-1a', 'ev', 2, 0), device('f-2', 'pv', -4, 0)]
    const totals = loads(devices, parents).map(({ feederId, totalKw, deviceCount }) => [feederId, totalKw, deviceCount])
    assert.deepEqual(totals, [
      ['substation', -1, 3],
      ['f-1', 3, 2],
      ['f-1a', 2, 1],
      ['f-2', -4, 1],
    ])
  })

  it('counts a device once where feeders hang on each other in a circle', () => {
    const circle = new Map([
      ['a', 'b'],
      ['b', 'a'],
    ])
    assert.deepEqual(
      loads([device('a', 'ev', 1, 0)], circle).map(({ totalKw }) => totalKw),
      [1, 1],
    )
  })

  it('lies on phases as currents do, else evenly on those that the registry has', () => {
    const on = (deviceId: string, powerKw: number, values: LiveDevice['values'] = {}): LiveDevice => ({
      ...device('f-1', 'meter', powerKw, 0),
      ...{ deviceId, values },
    })
    const devices = [
      on('measured', 6, { ia_a: 10, ib_a: 20, ic_a: 0 }),
      on('two', -3),
      on('idle', 1.5, { ia_a: 0, ib_a: 0, ic_a: 0 }),
    ]
    const phases = new Map([['two', 'AC'], ['measured', 'C'], ['idle', 'B']]) // prettier-ignore
    const [load] = feederLoads(devices, { ...registryOf(flat), phases }, now, 120_000).values()
    assert.deepEqual(load!.byPhase, { A: 0.5, B: 5.5, C: -1.5 })
  })

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
        const { A, B, C } = load!.byPhase
        assert.ok(Math.abs(A + B + C - load!.totalKw) < 0.003)
      }),
    )
  })
})
