import assert from 'node:assert/strict'
import { reportedService, serviceCodes } from './official-service.ts'

const minuteMs = 60_000
const at = { conjunto: { id: '1', name: 'A' }, year: 2026, month: 3 }

describe('emergency services in official files', () => {
  it('are mean minutes, and numbers', () => {
    const { hundredths } = reportedService({
      ...at,
      ...{ preparationMs: 12.5 * minuteMs, displacementMs: 40 * minuteMs, executionMs: 61.256 * minuteMs },
      ...{ occurrences: 120, withInterruption: 100, criticalDays: 2 },
    })
    assert.deepEqual(
      serviceCodes.map((code) => hundredths[code]),
      [1_250, 4_000, 6_126, 12_000, 10_000, 200],
    )
  })

  it('have no mean time where there was none', () => {
    const none = { preparationMs: null, displacementMs: null, executionMs: null }
    const { hundredths } = reportedService({ ...at, ...none, occurrences: 0, withInterruption: 0, criticalDays: 0 })
    assert.deepEqual(hundredths, { NumOcorr: 0, Nie: 0, NDIACRI: 0 })
  })
})
