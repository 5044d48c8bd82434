import assert from 'node:assert/strict'
import fc from 'fast-check'
import { emergencyServiceOf, type EmergencyOccurrence } from './emergency-service.ts'

const at = Date.UTC(2026, 2, 10, 12)
const minutes = (...steps: readonly (number | null)[]): EmergencyOccurrence => {
  const [dispatchedAt, arrivedAt, closedAt] = steps.map((step) => (step === null ? null : at + step * 60_000))
  return {
    ...{ openedAt: at, dispatchedAt: dispatchedAt!, arrivedAt: arrivedAt!, closedAt: closedAt! },
    withInterruption: true,
  }
}

describe('emergency service of a month', () => {
  it('has the mean times of preparation, of the way and of the work, and their sum', () => {
    const month = emergencyServiceOf([minutes(10, 40, 100), minutes(20, 30, 60)], 2)
    assert.deepEqual(month, {
      ...{ tmpMin: 15, tmdMin: 20, tmeMin: 45, tmaeMin: 80 },
      ...{ numOcorr: 2, nie: 2, served: 2, ndiacri: 2 },
    })
  })

  it('counts what is not closed yet, or was never dispatched, and leaves it out of the means', () => {
    const open = { ...minutes(10, 25, null), withInterruption: false }
    const month = emergencyServiceOf([minutes(5, 10, 15), open, minutes(null, null, null)], 0)
    assert.deepEqual([month.numOcorr, month.nie, month.served], [3, 2, 1])
    assert.deepEqual([month.tmpMin, month.tmaeMin], [5, 15])
  })

  it('has no times where nothing happened', () => {
    const { tmpMin, tmdMin, tmeMin, tmaeMin, numOcorr } = emergencyServiceOf([], 0)
    assert.deepEqual([tmpMin, tmdMin, tmeMin, tmaeMin, numOcorr], [null, null, null, null, 0])
  })

  it('adds up, in whatever order the services come (property)', () => {
    const step = fc.integer({ min: 0, max: 10_000 })
    const service = fc
      .tuple(step, step, step)
      .map(([prepared, way, work]) => minutes(prepared, prepared + way, prepared + way + work))
    fc.assert(
      fc.property(fc.array(service, { minLength: 1, maxLength: 50 }), (services) => {
        const { tmpMin, tmdMin, tmeMin, tmaeMin } = emergencyServiceOf(services, 0)
        assert.ok(Math.abs(tmpMin! + tmdMin! + tmeMin! - tmaeMin!) < 1e-6)
        assert.deepEqual(emergencyServiceOf(services.toReversed(), 0), emergencyServiceOf(services, 0))
      }),
    )
  })
})
