import assert from 'node:assert/strict'
import { influx, sqlSeries, sqlTable, tidy } from './queries.ts'

describe('queries of panels', () => {
  it('in InfluxQL are written by hand, and name their series', () =>
    assert.deepEqual(influx('SELECT 1', '$col').withLetter('A').build(), {
      refId: 'A',
      datasource: { type: 'influxdb', uid: 'linhaviva-influxdb' },
      query: 'SELECT 1',
      rawQuery: true,
      resultFormat: 'time_series',
      alias: '$col',
    }))

  it('in SQL are series or rows', () =>
    assert.deepEqual(
      [sqlSeries('select 1'), sqlTable('select 1')].map(
        (query) => (query.withLetter('B').build() as { format: string }).format,
      ),
      ['time_series', 'table'],
    ))

  it('lose the indentation of the code around them', () =>
    assert.equal(tidy('\n    select 1\n      from a\n  '), 'select 1\n  from a'))
})
