import assert from 'node:assert/strict'
import { inOrder, type Severity, type Slot, slotOfNow, type SolarAnomaly } from './solar-answers.ts'

const slot = (timestamp: string): Slot => ({
  ...{ timestamp, powerW: 900, expectedW: 1000, irradianceWm2: 800, reporting: 3, panels: 3 },
})

describe('what a plant generates now', () => {
  const slots = [slot('2026-11-21T12:00:00Z'), slot('2026-11-21T12:05:00Z')]

  it('is its newest five minutes, while they are not long ago', () => {
    assert.equal(slotOfNow(slots, Date.parse('2026-11-21T12:25:00Z')), slots[1])
    assert.equal(slotOfNow(slots, Date.parse('2026-11-21T12:25:01Z')), undefined)
    assert.equal(slotOfNow([], 0), undefined)
  })
})

describe('anomalies', () => {
  const anomaly = (anomaly_id: number, severity: Severity, minute: number, ended_at: string | null = null) =>
    ({ anomaly_id, severity, timestamp: `2026-11-21T12:${minute}:00Z`, ended_at }) as SolarAnomaly

  it('come with those first that last, the gravest of them first, then the newest', () => {
    const over = anomaly(1, 'critical', 59, '2026-11-21T13:00:00Z')
    const listed = inOrder([over, anomaly(2, 'low', 50), anomaly(3, 'high', 20), anomaly(4, 'high', 30)])
    assert.deepEqual(
      listed.map(({ anomaly_id }) => anomaly_id),
      [4, 3, 2, 1],
    )
  })
})
