import assert from 'node:assert/strict'
import { elementKinds } from './element-kinds.ts'
import { elementNames, elementTables } from './import/elements.ts'
import { columnsOf } from './import/tables.ts'
import { columnOf } from './record-kinds.ts'

describe('kinds of elements of the network', () => {
  it('are those that are imported', () =>
    assert.deepEqual(
      elementKinds.map(({ table }) => table),
      elementTables,
    ))

  for (const { table, idField, fields, required } of elementKinds) {
    it(`have the columns of ${table}.csv, the same of them required`, () => {
      const columns = Object.entries(columnsOf[table])
      const names = [idField, ...Object.keys(fields), 'validFrom', 'validTo'].map(columnOf)
      assert.deepEqual(
        names,
        columns.map(([name]) => name),
      )
      assert.deepEqual(
        [idField, ...required].map(columnOf),
        columns.flatMap(([name, column]) => (column.required ? [name] : [])),
      )
      assert.equal(columnOf(idField), elementNames[table].id)
    })
  }
})
