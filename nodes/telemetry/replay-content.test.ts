import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { defaultRules } from './domain/rules.ts'
import type { QuarantineEntry } from './quarantine-repository.ts'
import { replayItems } from './replay-content.ts'

const at = Date.parse('2026-11-21T12:00:00Z')
const entry = (topic: string, payload: unknown): QuarantineEntry => ({
  ...{ id: 1, receivedAt: at, replayedAt: null, replayApprovalId: null, reason: 'awaiting_approval', deviceId: 'm-1' },
  ...{ topic, detail: '', payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)) },
})
const lost = { device_id: 'm-1', event_id: 'e-1', timestamp: at, type: 'power_lost' }

describe('what a quarantined payload would bring', () => {
  it('is each reading and event in it that can be understood', () => {
    const items = replayItems(entry('grid/events/m-1', [lost, { ...lost, type: 'nothing' }]), defaultRules)
    assert.deepEqual(items, [{ deviceId: 'm-1', at, event: 'power_lost' }])
  })

  it('is what travelled, where it was refused later', () => {
    const event = { deviceId: 'm-1', eventId: 'e-1', type: 'power_lost', at, receivedAt: at, quality: 'good' }
    assert.deepEqual(replayItems(entry('event', event), defaultRules), [{ deviceId: 'm-1', at, event: 'power_lost' }])
    assert.deepEqual(replayItems(entry('meter', { deviceId: 'm-1', at, values: {} }), defaultRules), [
      { deviceId: 'm-1', at, event: null },
    ])
  })

  for (const payload of ['{"broken', 'null', '7', '[null]'])
    it(`is nothing of ${payload}`, () => {
      assert.deepEqual(replayItems(entry('event', payload), defaultRules), [])
      assert.deepEqual(replayItems(entry('grid/events/m-1', payload), defaultRules), [])
    })
})
