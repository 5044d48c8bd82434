import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readingKinds } from '../../../platform/wire/reading.ts'
import { lineOf, pointTime } from '../../../platform/wire/line-protocol.ts'
import { eventSeries, readingSeries, type TaggedDevice } from './time-series.ts'

const battery: TaggedDevice = {
  ...{ deviceKey: 41, deviceId: 'battery-1', type: 'battery', feederId: 'feeder-01', siteId: 'house-1' },
}

describe('the series of a device', () => {
  it('is its own while there is room', () => {
    assert.deepEqual(readingSeries('der', battery, 42), {
      key: 'der,device=battery-1,feeder=feeder-01,site=house-1,type=battery',
      ...{ names: [], values: [], slot: 0 },
    })
  })

  it('is shared by the feeder for those that came later, with the device in a field', () => {
    assert.deepEqual(readingSeries('der', battery, 41), {
      key: 'der,feeder=feeder-01,type=battery',
      ...{ names: ['device_id'], values: ['battery-1'], slot: 41 },
    })
  })

  it('of events is shared by the feeder always', () => {
    assert.equal(
      eventSeries(battery, { type: 'power_lost', phases: 'AB' }).key,
      'event,feeder=feeder-01,phases=AB,type=power_lost',
    )
    assert.equal(eventSeries(battery, { type: 'vtcd', phases: null }).key, 'event,feeder=feeder-01,type=vtcd')
  })

  const fleet = fc.uniqueArray(fc.integer({ min: 1, max: 200_000 }), { minLength: 2, maxLength: 50 })
  const point = (device: TaggedDevice, firstSharedKey: number, at: number): string => {
    const { key, names, values, slot } = readingSeries('meter', device, firstSharedKey)
    return lineOf(key, [...names, 'p_kw'], [...values, 1], pointTime(at, slot))!
  }
  const placeOf = (line: string): string => `${line.split(' ')[0]} ${line.split(' ').at(-1)}`

  it('never lets one device take the place of another in the same instant (property)', () => {
    fc.assert(
      fc.property(fleet, fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 4e12 }), (keys, first, at) => {
        const devices = keys.map((deviceKey) => ({ ...battery, deviceKey, deviceId: `m-${deviceKey}` }))
        const places = devices.map((device) => placeOf(point(device, first, at)))
        assert.equal(new Set(places).size, keys.length)
      }),
    )
  })

  it('leaves no more series than there is room for, and one a feeder, kind and type (property)', () => {
    fc.assert(
      fc.property(fleet, fc.integer({ min: 1, max: 200_000 }), (keys, first) => {
        const series = new Set(
          keys.flatMap((deviceKey) =>
            readingKinds.map(
              (kind) => readingSeries(kind, { ...battery, deviceKey, deviceId: `m-${deviceKey}` }, first).key,
            ),
          ),
        )
        const own = keys.filter((key) => key < first).length
        assert.ok(series.size <= readingKinds.length * (own + 1))
      }),
    )
  })

  it('carries nothing of the consumer unit', () => {
    const known = { ...battery, unitId: 'unit-007', location: '-23.5,-46.6' }
    for (const first of [0, 100]) assert.doesNotMatch(JSON.stringify(readingSeries('der', known, first)), /unit|-23/)
  })
})
