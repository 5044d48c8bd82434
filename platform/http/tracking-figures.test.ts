import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { openMetrics } from './metrics.ts'
import { provideTracking, trackingNow, type TrackedFeeder } from './tracking-figures.ts'

const feeder = (feederId: string): TrackedFeeder => ({
  ...{ feederId, devices: 2, meanErrorKw: 1, rmsErrorKw: 2, beyondKw: 0.5, utilisation: 0.9, switchesPerHour: 4 },
  jainIndex: null,
})

describe('how setpoints are followed', () => {
  it('is nothing while nobody knows, and goes with who knew', () => {
    assert.equal(trackingNow(), undefined)
    const withdraw = provideTracking(() => ({ devices: 2, byFeeder: [] }))
    assert.equal(trackingNow()?.devices, 2)
    withdraw()
    assert.equal(trackingNow(), undefined)
  })

  it('is in the metrics, of a bounded number of feeders, with what is known of them', async () => {
    const byFeeder = Array.from({ length: 250 }, (_, n) => feeder(`f-${String(n).padStart(3, '0')}`))
    const withdraw = provideTracking(() => ({ devices: 500, byFeeder }))
    try {
      const lines = (await openMetrics().text()).split('\n').filter((line) => line.startsWith('linhaviva_tracking_'))
      assert.ok(lines.includes('linhaviva_tracking_devices 500'))
      assert.ok(lines.includes('linhaviva_tracking_error_kw{feeder="f-199"} 2'))
      assert.equal(lines.filter((line) => line.startsWith('linhaviva_tracking_error_kw{')).length, 200)
      assert.ok(!lines.some((line) => line.startsWith('linhaviva_tracking_jain_index{')))
    } finally {
      withdraw()
    }
  })
})
