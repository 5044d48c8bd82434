import assert from 'node:assert/strict'
import { BadMacro, influxqlWithMacros, sqlWithMacros } from './macros.ts'

const range = { from: Date.parse('2026-11-22T06:00:00Z'), to: Date.parse('2026-11-22T12:00:00.5Z') }
const sql = (text: string, timescale = false) => sqlWithMacros(text, range, '1m', timescale)

describe('macros of SQL', () => {
  it('say the time that is looked at', () => {
    assert.equal(sql('$__timeFilter(at)'), "at BETWEEN '2026-11-22T06:00:00Z' AND '2026-11-22T12:00:00.5Z'")
    assert.equal(sql('$__timeTo()::timestamptz'), "'2026-11-22T12:00:00.5Z'::timestamptz")
    assert.equal(sql('$__unixEpochFilter(t)'), 't >= 1795327200 AND t <= 1795348800')
  })

  it('group by time, in TimescaleDB by its own means', () => {
    assert.equal(sql('$__timeGroupAlias(at, $__interval)'), 'floor(extract(epoch from at)/60)*60 AS "time"')
    assert.equal(sql('$__timeGroupAlias(at, 5m)', true), 'time_bucket(\'300.000s\',at) AS "time"')
    assert.equal(sql('select $__timeGroup(at,5m), 1'), 'select floor(extract(epoch from at)/300)*300 AS "time", 1')
    assert.equal(sql('group by $__timeGroup(at,5m)'), 'group by floor(extract(epoch from at)/300)*300')
  })

  it('that nobody knows are faults', () => {
    assert.throws(() => sql('$__timeGrop(at, 5m)'), BadMacro)
    assert.throws(() => sql('$__timeGroup(at)'), BadMacro)
  })
})

describe('macros of InfluxQL', () => {
  it('are the time and the interval', () =>
    assert.equal(
      influxqlWithMacros('WHERE $timeFilter GROUP BY time($__interval), $__interval_ms', { from: 1, to: 2 }, '10s'),
      'WHERE time >= 1ms and time <= 2ms GROUP BY time(10s), 10000',
    ))
})
