import assert from 'node:assert/strict'
import { callsOf } from './flow-calls.ts'

describe('what the flow called', () => {
  it('is a call a panel, in the order in which it was found', () => {
    const timestamp = '2026-01-01T12:00:00.000Z'
    const calls = callsOf([
      {
        ...{ kind: 'inverter_trip', panel_ids: ['a', 'b'], timestamp, found_at: '2026-01-01T12:15:00.000Z' },
        ended_at: '2026-01-01T14:00:00.000Z',
      },
      { kind: 'mismatch', panel_ids: ['c'], timestamp, found_at: '2026-01-01T12:10:00.000Z', ended_at: null },
    ])
    assert.deepEqual(
      calls.map(({ panelId, kind, foundAt, endedAt }) => [panelId, kind, new Date(foundAt).getUTCMinutes(), endedAt]),
      [
        ['c', 'mismatch', 10, Infinity],
        ['a', 'inverter_trip', 15, Date.UTC(2026, 0, 1, 14)],
        ['b', 'inverter_trip', 15, Date.UTC(2026, 0, 1, 14)],
      ],
    )
  })
})
