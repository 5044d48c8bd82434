import assert from 'node:assert/strict'
import { reportedService, serviceCodes } from './official-service.ts'

const at = { conjunto: { id: '1', name: 'A' }, year: 2026, month: 3 }
const none = { tmpMin: null, tmdMin: null, tmeMin: null, tmaeMin: null, numOcorr: 0, nie: 0, served: 0, ndiacri: 0 }

describe('emergency services in official files', () => {
  it('are mean minutes, and numbers', () => {
    const times = { tmpMin: 12.5, tmdMin: 40, tmeMin: 61.256, tmaeMin: 113.756 }
    const { hundredths } = reportedService(at, { ...times, numOcorr: 120, nie: 100, served: 90, ndiacri: 2 })
    assert.deepEqual(
      serviceCodes.map((code) => hundredths[code]),
      [1_250, 4_000, 6_126, 12_000, 10_000, 200],
    )
  })

  it('have no mean time where there was none', () =>
    assert.deepEqual(reportedService(at, none), { ...at, hundredths: { NumOcorr: 0, Nie: 0, NDIACRI: 0 } }))
})
