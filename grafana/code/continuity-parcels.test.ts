import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { comparableHundredths } from '../../nodes/continuity/domain/collective.ts'
import { comparableParcels, parcels } from '../../nodes/continuity/domain/parcels.ts'
import { comparableMonths, conjuntoYears } from './continuity-parcels.ts'
import { useOwnTables } from './own-tables.fixture.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'

describe('DEC and FEC in SQL', () => {
  it('are of the parcels that the limit is compared with, and of no others', () => {
    const named = comparableMonths('true').match(/key in \(([^)]*)\)/g)!
    for (const each of named) assert.deepEqual(each.match(/[A-Z]+/g), [...comparableParcels])
    assert.equal(named.length, 2)
  })

  it('stand against the limits that are in their table', () => assert.match(conjuntoYears, /join conjunto_limit l/))
})

describe('DEC and FEC in a database', function () {
  this.timeout(60_000)
  const database = useOwnTables(`
    create temp table conjunto (conjunto_id text, name text, time_zone text);
    create temp table conjunto_continuity (conjunto_id text, month date, units integer, parcels jsonb);
    insert into conjunto values ('1', 'Um', 'America/Sao_Paulo')`)

  const looked = { chosen: { conjunto: ['1'] }, from: 0, to: 1 }
  const share = fc.record({ ms: fc.integer({ min: 0, max: 4_000_000_000 }), count: fc.integer({ min: 0, max: 5_000 }) })
  const month = fc.record({
    units: fc.integer({ min: 1, max: 3_000 }),
    shares: fc.dictionary(fc.constantFrom(...parcels), share, { noNullPrototype: true }),
  })

  it('are those that the continuity area compares with the limit (property)', async () => {
    await fc.assert(
      fc.asyncProperty(month, async ({ units, shares }) => {
        await database.query('truncate conjunto_continuity')
        await database.query("insert into conjunto_continuity values ('1', '2026-11-01', $1, $2)", [units, shares])
        const [row] = await rowsOfSql<{ dec: string; fec: string }>(database, comparableMonths('true'), looked)
        const counted = comparableHundredths({ conjuntoId: '1', month: '2026-11', units, parcels: shares }, 'rounded')!
        assert.equal(Math.round(Number(row!.dec) * 100), counted.decHundredths)
        assert.equal(Math.round(Number(row!.fec) * 100), counted.fecHundredths)
      }),
    )
  })
})
