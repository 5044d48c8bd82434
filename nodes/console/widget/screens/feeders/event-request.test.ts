import assert from 'node:assert/strict'
import { eventRequest, newKey, type EventForm } from './event-request.ts'

const form: EventForm = {
  ...{ feederId: 'feeder-01', mode: 'limit', amount: '20', elasticity: '', start: '', minutes: '30', type: '' },
}
const key = '0123456789abcdef'

describe('an event as somebody fills it in', () => {
  it('is a limit from now on', () => {
    assert.deepEqual(eventRequest(form, key), {
      body: { limitKw: 20, feederId: 'feeder-01', durationMinutes: 30, idempotencyKey: key },
    })
  })

  it('is a shed target of each root, from a local time on', () => {
    const start = '2026-11-22T18:00'
    assert.deepEqual(eventRequest({ ...form, feederId: '', mode: 'shed', start, type: 'peak' }, key), {
      body: {
        ...{ targetShedKw: 20, tsStart: new Date(start).toISOString(), durationMinutes: 30 },
        ...{ idempotencyKey: key, type: 'peak' },
      },
    })
  })

  it('is a price with its elasticity', () => {
    const priced = { ...form, mode: 'price' as const, amount: '1,2', elasticity: '-0,5' }
    assert.deepEqual(eventRequest(priced, key), {
      body: {
        ...{ priceBrlPerKwh: 1.2, elasticity: -0.5, feederId: 'feeder-01' },
        ...{ durationMinutes: 30, idempotencyKey: key },
      },
    })
    assert.deepEqual(eventRequest({ ...priced, elasticity: '1' }, key), { faults: ['elasticity'] })
  })

  it('names the fields that are not filled in', () => {
    const wrong = { ...form, amount: 'much', start: 'soon', minutes: '0', type: 'a b' }
    assert.deepEqual(eventRequest(wrong, key), { faults: ['amount', 'start', 'minutes', 'type'] })
    assert.deepEqual(eventRequest({ ...form, minutes: '10081' }, key), { faults: ['minutes'] })
  })

  it('has a key of its own each time', () => {
    assert.match(newKey(), /^[0-9a-f]{32}$/)
    assert.notEqual(newKey(), newKey())
  })
})
