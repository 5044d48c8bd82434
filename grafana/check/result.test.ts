import assert from 'node:assert/strict'
import { resultOfInfluxql, resultOfSql } from './result.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute))

describe('answers in SQL', () => {
  it('are a series for each metric, or for each column of numbers', () => {
    const byMetric = [
      { time: at(0), metric: 'A', value: 1 },
      { time: at(0), metric: 'B', value: 2 },
    ]
    assert.deepEqual(resultOfSql(byMetric, ['time', 'metric', 'value'], 'time_series').columns, ['A', 'B'])
    assert.deepEqual(resultOfSql([{ time: at(0), A: 1, B: 2 }], ['time', 'A', 'B'], 'time_series').columns, ['A', 'B'])
  })

  it('are in the order of time, and numbers', () => {
    const swapped = [
      { time: at(1), A: 1 },
      { time: at(0), A: 1 },
    ]
    assert.throws(() => resultOfSql(swapped, ['time', 'A'], 'time_series'), /order of time/)
    assert.throws(() => resultOfSql([{ time: at(0), A: '1' }], ['time', 'A'], 'time_series'), /no number/)
    assert.throws(() => resultOfSql([], ['at', 'A'], 'time_series'), /without a column "time"/)
  })

  it('of a table have its columns also where it is empty', () =>
    assert.deepEqual(resultOfSql([], ['Medidor', '__value'], 'table').columns, ['Medidor']))
})

describe('answers in InfluxQL', () => {
  const series = [{ name: 'meter', tags: { phase: 'A' }, columns: ['time', 'mean'], values: [[0, 127]] }]

  it('are named by their alias', () => {
    assert.deepEqual(resultOfInfluxql(series, 'Fase $tag_phase').columns, ['Fase A'])
    assert.deepEqual(resultOfInfluxql(series, '$m $col').columns, ['meter mean'])
    assert.deepEqual(resultOfInfluxql(series).columns, ['meter.mean {phase: A}'])
  })
})
