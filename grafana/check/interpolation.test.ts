import assert from 'node:assert/strict'
import { forInfluxql, forSql, forText, interpolated, NotResolved, type ChosenVariable } from './interpolation.ts'

const variables = new Map<string, ChosenVariable>([
  ['device', { value: "o'neill.1", several: false }],
  ['feeder', { value: ['feeder-01', 'feeder-02'], several: true }],
  ['one', { value: ['feeder-01'], several: true }],
])

describe('variables in queries', () => {
  it('of SQL are quoted where several may be chosen, or where the query says so', () => {
    const sql = (text: string) => interpolated(text, variables, forSql)
    assert.equal(sql("where device = '$device'"), "where device = 'o''neill.1'")
    assert.equal(sql('where feeder in ($feeder)'), "where feeder in ('feeder-01','feeder-02')")
    assert.equal(sql('where device in (${device:sqlstring})'), "where device in ('o''neill.1')")
  })

  it('of InfluxQL stand in regular expressions', () => {
    const influxql = (text: string) => interpolated(text, variables, forInfluxql)
    assert.equal(influxql('"device" =~ /^$device$/'), '"device" =~ /^o\'neill\\.1$/')
    assert.equal(influxql('"feeder" =~ /^$feeder$/'), '"feeder" =~ /^(feeder-01|feeder-02)$/')
    assert.equal(influxql('"feeder" =~ /^$one$/ AND $timeFilter'), '"feeder" =~ /^feeder-01$/ AND $timeFilter')
  })

  it('of texts are as they are', () =>
    assert.equal(interpolated('${feeder} [[one]]', variables, forText), '{feeder-01,feeder-02} {feeder-01}'))

  it('that are not there are a fault of the dashboard', () => {
    assert.throws(() => interpolated('$site', variables, forText), NotResolved)
    assert.throws(() => interpolated('${one:roman}', variables, forText), NotResolved)
    assert.equal(interpolated('$__interval', variables, forText), '$__interval')
  })
})
