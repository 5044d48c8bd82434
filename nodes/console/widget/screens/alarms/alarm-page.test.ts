import assert from 'node:assert/strict'
import { pageOfAlarm } from './alarm-page.ts'
import { anAlarm } from './alarm.fixture.ts'

const page = (other: Parameters<typeof anAlarm>[0]) => pageOfAlarm(anAlarm(other))
const noDevice = { deviceId: null, unitId: null }

describe('where an alarm leads to', () => {
  it('is the page of what it is about', () => {
    assert.deepEqual(page({ area: 'voltage' }), { name: 'voltage', search: { unit: 'unit-1' } })
    assert.deepEqual(page({ area: 'continuity', ...noDevice }), { name: 'continuity', search: {} })
    assert.deepEqual(page({ area: 'solar', deviceId: 'p-1' }), { name: 'solar', search: { panel: 'p-1' } })
    assert.deepEqual(page({ area: 'commands', deviceId: 'sw-1' }), { name: 'commands', search: { device: 'sw-1' } })
    assert.deepEqual(page({ area: 'platform', ...noDevice }), { name: 'system', search: {} })
    assert.deepEqual(page({ kind: 'quarantine-flood', ...noDevice }), { name: 'system', search: {} })
  })

  it('is a device or a feeder where it is about one, and nowhere where it is about neither', () => {
    assert.deepEqual(page({}), { name: 'feeders', search: { device: 'meter-1' } })
    assert.deepEqual(page({ ...noDevice, feederId: 'f-2' }), { name: 'feeders', search: { feeder: 'f-2' } })
    assert.deepEqual(page({ ...noDevice, area: 'feeders', feederId: null, subject: 'f-3' }), {
      ...{ name: 'feeders', search: { feeder: 'f-3' } },
    })
    assert.equal(page({ ...noDevice, area: 'rules', feederId: null }), undefined)
  })
})
