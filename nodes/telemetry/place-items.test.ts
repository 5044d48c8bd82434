import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Registration } from '../../platform/network/registration.ts'
import type { FieldEvent, Reading } from '../../platform/wire/reading.ts'
import type { TelemetryBatch } from './messages.ts'
import { placeItems, reject, type Shelves } from './place-items.ts'
import { batteryReading } from './telemetry-flow.fixture.ts'

const at = Date.UTC(2026, 10, 21, 12)
const battery: Registration = { deviceKey: 7, deviceId: 'battery-1', status: 'active', kind: 'der' }
const registry = { find: (deviceId: string) => (deviceId === battery.deviceId ? battery : undefined) }

/** Shelves on which these keys stand already, with these values. */
const shelvesWith = (stood: Record<string, Record<string, unknown>> = {}): Shelves => ({
  insertReadings: async (_, rows) => new Set(rows.map(({ item }) => `7/${item.at}`).filter((key) => !(key in stood))),
  storedReadings: async () => new Map(Object.entries(stood)),
  insertEvents: async (rows) => new Set(rows.map(({ item }) => `7/${item.eventId}`).filter((key) => !(key in stood))),
  storedEvents: async () => new Map(Object.entries(stood)) as unknown as Map<string, FieldEvent>,
  upsertPresences: async () => undefined,
})

const place = (payload: Reading[], stood?: Record<string, Record<string, unknown>>) =>
  placeItems({ topic: 'der', payload }, registry, shelvesWith(stood))

describe('every item of a batch ends in one place', () => {
  const reading = batteryReading('battery-1', at, 1)

  it('new: stored', async () => {
    const { stored, duplicates, quarantined } = await place([reading])
    assert.deepEqual([stored, duplicates, quarantined], [[reading], 0, []])
  })

  it('there already: a duplicate with the same values, a conflict with others', async () => {
    const same = await place([reading], { [`7/${at}`]: reading.values })
    assert.deepEqual([same.stored, same.duplicates, same.quarantined], [[], 1, []])
    const { quarantined } = await place([reading], { [`7/${at}`]: { ...reading.values, p_actual_kw: 2 } })
    assert.deepEqual(
      quarantined.map(({ reason, detail }) => [reason, detail]),
      [['conflicting_duplicate', 'p_actual_kw was 2, now 1']],
    )
  })

  it('no reading any more, or of nobody: refused', async () => {
    const { quarantined } = await place([{ ...reading, at: NaN }, batteryReading('nobody', at, 1)])
    assert.deepEqual(
      quarantined.map(({ reason }) => reason),
      ['storage_refused', 'unknown_device'],
    )
  })

  it('an event with another type under a number that is taken: refused; a presence always counts', async () => {
    const event = {
      deviceId: 'battery-1',
      eventId: 'e',
      type: 'power_lost',
      at,
      receivedAt: at,
      quality: 'good',
    } as const
    const stood = { '7/e': { type: 'power_restored', at } }
    const batches: TelemetryBatch[] = [
      { topic: 'event', payload: [event] },
      { topic: 'status', payload: [{ deviceId: 'battery-1', online: true, at, receivedAt: at }] },
    ]
    const [events, presences] = await Promise.all(batches.map((one) => placeItems(one, registry, shelvesWith(stood))))
    assert.deepEqual(
      events!.quarantined.map(({ reason }) => reason),
      ['conflicting_duplicate'],
    )
    assert.equal(presences!.stored.length, 1)
  })

  it('what is rejected keeps its form, its device and its time', () => {
    const { payload, deviceId, receivedAt, reason } = reject('der', reading, 'storage_refused', 'a detail')
    assert.deepEqual([JSON.parse(String(payload)), deviceId, reason], [reading, 'battery-1', 'storage_refused'])
    assert.equal(receivedAt, reading.receivedAt)
  })
})
