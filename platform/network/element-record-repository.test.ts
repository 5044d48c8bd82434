import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import { elementKinds } from './element-kinds.ts'
import { findElement, listElements } from './element-record-repository.ts'

describe('repository of elements of the network', () => {
  const test = useDatabase()
  const first = { after: undefined, limit: 9 }

  before(async () => {
    for (const sql of [
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('u', 127)",
      "insert into network_source (source_id, section_id) values ('s', 'a')",
      `insert into network_switch values ('w', 'a', 'b', true, true, 'ABC', '(,2026-01-01Z)'),
       ('w', 'a', 'c', true, true, 'ABC', '[2026-01-01Z,)')`,
      "insert into network_transformer (transformer_id, section_id) values ('t', 'a')",
      "insert into unit_supply (unit_id, transformer_id) values ('u', 't')",
      "insert into network_earth_switch (earth_switch_id, section_id) values ('e', 'a')",
    ])
      await test.database.query(sql)
  })

  it('has of each kind the fields of that kind', async () => {
    for (const { table, idField, fields } of elementKinds) {
      const [element] = await listElements(test.database, table, {}, first)
      assert.deepEqual(Object.keys(element!), [idField, ...Object.keys(fields), 'validFrom', 'validTo'])
    }
  })

  it('finds a period by its beginning', async () => {
    const bounds = async (from: string | null) => {
      const found = await findElement(test.database, 'switches', 'w', from)
      return found && [found['sectionB'], found.validFrom, found.validTo]
    }
    assert.deepEqual(await bounds(null), ['b', null, '2026-01-01T00:00:00.000Z'])
    assert.deepEqual(await bounds('2026-01-01T00:00:00Z'), ['c', '2026-01-01T00:00:00.000Z', null])
    assert.equal(await bounds('2026-01-02T00:00:00Z'), undefined)
  })

  it('goes on behind the last one seen', async () => {
    const after = { id: 'w', validFrom: '-infinity' }
    const rest = await listElements(test.database, 'switches', {}, { after, limit: 9 })
    assert.deepEqual(
      rest.map(({ validFrom }) => validFrom),
      ['2026-01-01T00:00:00.000Z'],
    )
  })
})
