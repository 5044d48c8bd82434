import assert from 'node:assert/strict'
import { feederLines, setpointLines, trackingLines } from './time-series.ts'

const device = { deviceKey: 7, deviceId: 'ev-1', feederId: 'f-1', type: 'ev' }
const at = 1_780_000_000_000
const figures = {
  ...{ minutes: 15, setpointKw: 4, actualKw: 3.5, meanErrorKw: -0.5, meanAbsoluteErrorKw: 0.5, rmsErrorKw: 0.6 },
  ...{ largestErrorKw: -1, beyondKw: 0, utilisation: 0.875, switchesPerHour: 4 },
}

describe('points of setpoints', () => {
  it('say from when on which one holds', () => {
    assert.deepEqual(setpointLines({ ...device, at, powerKw: 4 }, Infinity), [
      `setpoint,device=ev-1,feeder=f-1,type=ev setpoint_kw=4,in_force=true ${at}000000`,
    ])
  })

  it('say that none holds any more', () => {
    assert.deepEqual(setpointLines({ ...device, at, powerKw: null }, Infinity), [
      `setpoint,device=ev-1,feeder=f-1,type=ev in_force=false ${at}000000`,
    ])
  })

  it('of devices beyond those with series of their own share one, told apart by their time', () => {
    assert.deepEqual(setpointLines({ ...device, at, powerKw: 4 }, 7), [
      `setpoint,feeder=f-1,type=ev device_id="ev-1",setpoint_kw=4,in_force=true ${at}000007`,
    ])
  })
})

describe('points of tracking', () => {
  it('have the figures of a device', () => {
    assert.deepEqual(trackingLines({ ...figures, ...device, feederId: null, type: null, at }, Infinity), [
      `tracking_error,device=ev-1 setpoint_kw=4,actual_kw=3.5,mean_kw=-0.5,mean_absolute_kw=0.5,rms_kw=0.6,largest_kw=-1,beyond_kw=0,utilisation=0.875,switches_per_hour=4,minutes=15 ${at}000000`,
    ])
  })

  it('have those of a feeder, its limits and what it carried, as far as they are known', () => {
    const feeder = { feederId: 'f-1', devices: 2, jainIndex: 1, importLimitKw: 100, exportLimitKw: null, loadKw: 80 }
    const [limit, error] = feederLines({ ...figures, ...feeder, at })
    assert.equal(limit, `feeder_limit,feeder=f-1 import_kw=100,load_kw=80 ${at}000000`)
    assert.match(error!, /^feeder_tracking_error,feeder=f-1 setpoint_kw=4,.*minutes=15,devices=2,jain_index=1 \d+$/)
    const unknown = { ...feeder, importLimitKw: null, loadKw: null }
    assert.equal(feederLines({ ...figures, ...unknown, at }).length, 1)
  })
})
