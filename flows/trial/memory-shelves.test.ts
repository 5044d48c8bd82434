import assert from 'node:assert/strict'
import { placeItems } from '../../nodes/telemetry/place-items.ts'
import type { Reading } from '../../platform/wire/reading.ts'
import { memoryShelves } from './memory-shelves.ts'

const at = Date.UTC(2026, 2, 10)
const reading = (kw: number): Reading => ({
  ...{ deviceId: 'pv-1', kind: 'der', at, receivedAt: at, quality: 'good' },
  values: { p_actual_kw: kw },
  labels: { type: 'pv' },
})
const registry = { find: () => ({ deviceKey: 1, deviceId: 'pv-1', status: 'active' }) as const }

describe('shelves in memory', () => {
  it('keep the first reading of an instant: the same again is a duplicate, another one a conflict', async () => {
    const shelves = memoryShelves()
    const place = (kw: number) => placeItems({ topic: 'der', payload: [reading(kw)] }, registry, shelves)
    const outcomes = [await place(1), await place(1), await place(2)]
    assert.deepEqual(
      outcomes.map(({ stored, duplicates, quarantined }) => [stored.length, duplicates, quarantined.length]),
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    )
  })

  it('keep events by their number', async () => {
    const shelves = memoryShelves()
    const event = { deviceId: 'pv-1', eventId: 'e', type: 'power_lost', at, receivedAt: at, quality: 'good' } as const
    const batch = { topic: 'event', payload: [event, event] } as const
    const { stored, duplicates } = await placeItems({ ...batch, payload: [...batch.payload] }, registry, shelves)
    assert.deepEqual([stored.length, duplicates], [1, 1])
  })
})
