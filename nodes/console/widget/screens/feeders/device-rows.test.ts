import assert from 'node:assert/strict'
import type { LiveControl } from '../../../../../platform/wire/live-control.ts'
import type { LiveDevice } from '../../../../../platform/wire/live.ts'
import type { RegisteredDevice } from './answers.ts'
import { filteredRows, isBeyond, rowsOf, sortedRows, unknownNow, type DeviceRow } from './device-rows.ts'
import { NameOrder } from './name-order.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const names = (): NameOrder => new NameOrder((one, other) => one.localeCompare(other))
const device = (deviceId: string, type: string, powerKw: number | null, values = {}): LiveDevice => ({
  ...{ deviceId, kind: 'der', type, feederId: 'f1', priority: null, ofUnit: false, powerKw, values, quality: 'good' },
  ...{ at: '2026-11-21T11:59:58Z', receivedAt: '2026-11-21T11:59:58Z' },
})
const told = (deviceId: string, setpointKw: number, expiresAt: string): LiveControl => ({
  ...{ deviceId, feederId: 'f1', ofUnit: false, setpointKw, expiresAt, share: null },
})
const by = <One extends { readonly deviceId: string }>(...ones: One[]): Map<string, One> =>
  new Map(ones.map((one) => [one.deviceId, one]))
const registered: Omit<RegisteredDevice, 'deviceId'> = {
  type: 'ev',
  feederId: 'f1',
  siteId: 'house-01',
  ratedKw: 7.4,
  isPhysical: true,
  silent: false,
}

describe('devices of a feeder', () => {
  const rows = rowsOf(
    {
      live: by(
        device('ev-1', 'ev', 5, { p_max_kw: 11 }),
        device('bat-1', 'battery', -2, { soc: 0.5, p_max_kw: 4 }),
        device('m-1', 'meter', null),
      ),
      control: by(told('ev-1', 4, '2026-11-21T12:01:00Z'), told('bat-1', -1, '2026-11-21T11:59:00Z')),
      registered: by({ deviceId: 'ev-1', ...registered }),
      tracking: by({ deviceId: 'ev-1', minutes: 15, meanAbsoluteErrorKw: 0.25 }),
    },
    now,
  )
  const [ev, battery, meter] = rows as [DeviceRow, DeviceRow, DeviceRow]

  it('have what was measured less what they are told', () => {
    assert.deepEqual([ev.setpointKw, ev.errorKw, ev.meanErrorKw, ev.siteId], [4, 1, 0.25, 'house-01'])
    assert.equal(ev.setpointUntil, now + 60_000)
  })

  it('have no setpoint once it is over, and no error then', () => {
    assert.deepEqual([battery.setpointKw, battery.setpointUntil, battery.errorKw, battery.soc], [null, null, null, 0.5])
  })

  it('are worth a look where they take, or give, more than they are told', () => {
    const judged = (setpointKw: number, actualKw: number): boolean =>
      isBeyond({ ...ev, setpointKw, actualKw, errorKw: actualKw - setpointKw, maxKw: 10 })
    assert.deepEqual([judged(4, 6), judged(4, 4.5), judged(4, 1)], [true, false, false])
    assert.deepEqual([judged(-5, -7), judged(-5, -3), judged(0, -2), judged(0, 2)], [true, false, true, true])
    assert.equal(isBeyond(battery), false)
  })

  it('keep only what does not change while nobody knows what is now', () => {
    const { actualKw, setpointKw, errorKw, deviceId, maxKw, at } = unknownNow(ev)
    assert.deepEqual([actualKw, setpointKw, errorKw], [null, null, null])
    assert.deepEqual([deviceId, maxKw, at], ['ev-1', 7.4, ev.at])
  })

  it('have the rating of the registry, and else what they say themselves', () => {
    assert.deepEqual([ev.maxKw, battery.maxKw, meter.maxKw], [7.4, 4, null])
  })

  it('are filtered by type and by being physical; what the registry has not said yet is neither', () => {
    const ids = (type: string, origin: 'all' | 'physical' | 'simulated'): string[] =>
      filteredRows(rows, { type, origin }).map(({ deviceId }) => deviceId)
    assert.deepEqual(ids('all', 'all'), ['ev-1', 'bat-1', 'm-1'])
    assert.deepEqual(ids('steered', 'all'), ['ev-1', 'bat-1'])
    assert.deepEqual(ids('meter', 'all'), ['m-1'])
    assert.deepEqual([ids('all', 'physical'), ids('all', 'simulated')], [['ev-1'], []])
  })

  it('are sorted with the unknown last both ways, errors by their size', () => {
    const sorted = (key: 'deviceId' | 'actualKw', isDescending: boolean): string[] =>
      sortedRows(rows, { by: key, isDescending }, names()).map(({ deviceId }) => deviceId)
    assert.deepEqual(sorted('deviceId', false), ['bat-1', 'ev-1', 'm-1'])
    assert.deepEqual(sorted('actualKw', false), ['bat-1', 'ev-1', 'm-1'])
    assert.deepEqual(sorted('actualKw', true), ['ev-1', 'bat-1', 'm-1'])
    const errors = [-3, 2, null].map((errorKw, index) => ({ ...ev, deviceId: String(index), errorKw }))
    assert.deepEqual(
      sortedRows(errors, { by: 'errorKw', isDescending: true }, names()).map(({ errorKw }) => errorKw),
      [-3, 2, null],
    )
  })
})
