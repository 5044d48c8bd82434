import assert from 'node:assert/strict'
import { headReading } from './head-reading.ts'

const measures = {
  ...{ va_v: 120, vb_v: 120, vc_v: 120, ia_a: 50, ib_a: 30, ic_a: 20, q_kvar: 5, interval_s: 60 },
  aggregation: 'mean',
}

describe('the newest of a meter at the head of a feeder', () => {
  it('is shared by phases as voltage times current is', () => {
    const { reading, circuit } = headReading({ at: 7, powerKw: -10, measures })
    assert.deepEqual(reading, {
      ...{ at: 7, intervalMs: 60_000, isMean: true },
      powerKw: { total: -10, A: -5, B: -3, C: -2 },
    })
    assert.deepEqual(circuit, {
      voltageV: { A: 120, B: 120, C: 120 },
      reactiveKvar: { total: 5, A: 2.5, B: 1.5, C: 1 },
    })
  })

  it('is shared by thirds where it says nothing of currents', () => {
    const { reading, circuit } = headReading({ at: 7, powerKw: 9, measures: { va_v: 120, aggregation: 'instant' } })
    assert.deepEqual(reading.powerKw, { total: 9, A: 3, B: 3, C: 3 })
    assert.deepEqual([reading.isMean, reading.intervalMs], [false, 0])
    assert.deepEqual(circuit.voltageV, { A: 120, B: null, C: null })
    assert.deepEqual(circuit.reactiveKvar, { total: null, A: null, B: null, C: null })
  })

  it('has no power in a phase that it does not have', () => {
    const { reading } = headReading({ at: 7, powerKw: 8, measures: { ...measures, vb_v: null, ib_a: null } })
    assert.equal(reading.powerKw.B, 0)
    assert.equal(reading.powerKw.A + reading.powerKw.C, 8)
  })

  it('was never heard where it is not fit for use', () =>
    assert.equal(headReading({ at: 7, powerKw: null, measures }).reading.at, -Infinity))
})
