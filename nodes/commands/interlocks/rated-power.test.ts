import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { ratedPower } from './rated-power.ts'
import { field, intended, said } from './surroundings.fixture.ts'

describe('what a device is rated for', () => {
  const around = field({ ratedKw: new Map([['der-1', 10]]) })
  const setPoint = (kw: number, id = 'der-1') =>
    said(ratedPower, intended('set_point', id, { p_setpoint_kw: kw }), around)

  it('bounds what it is told, in either direction', () => {
    for (const kw of [0, 10, -10, 9.99]) assert.deepEqual(setPoint(kw), [])
    for (const kw of [10.01, -10.01])
      assert.match(setPoint(kw)[0]!, /10\.01 kW is beyond the rated power of der-1: 10 kW/)
  })

  it('must be known for a set point, and for nothing else', () => {
    assert.match(setPoint(0, 'der-2')[0]!, /nobody has registered the rated power of der-2/)
    assert.deepEqual(said(ratedPower, intended('curtail', 'der-2', { p_limit_kw: 1 }), around), [])
  })
})
