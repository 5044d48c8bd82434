import assert from 'node:assert/strict'
import { comparableParcels } from '../../nodes/continuity/domain/parcels.ts'
import { comparableMonths, conjuntoYears } from './continuity-parcels.ts'

describe('DEC and FEC in SQL', () => {
  it('are of the parcels that the limit is compared with, and of no others', () => {
    const named = comparableMonths('true').match(/key in \(([^)]*)\)/g)!
    for (const each of named) assert.deepEqual(each.match(/[A-Z]+/g), [...comparableParcels])
    assert.equal(named.length, 2)
  })

  it('stand against the limits that are in their table', () => assert.match(conjuntoYears, /join conjunto_limit l/))
})
