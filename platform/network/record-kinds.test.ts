import assert from 'node:assert/strict'
import { columnsOf } from './import/tables.ts'
import { columnOf, fieldOf, recordKinds } from './record-kinds.ts'

describe('kinds of records', () => {
  for (const { table, idField, fields, required } of recordKinds) {
    it(`have the columns of ${table}.csv, the same of them required`, () => {
      const columns = Object.entries(columnsOf[table])
      // Of a panel's two ratings the registry keeps one.
      const names = columns.map(([name]) => name).filter((name) => name !== 'rating_w')
      assert.deepEqual([idField, ...Object.keys(fields)].map(columnOf), names)
      assert.deepEqual([idField, ...Object.keys(fields)], names.map(fieldOf))
      assert.deepEqual(
        [idField, ...required].map(columnOf).toSorted(),
        columns.flatMap(([name, column]) => (column.required ? [name] : [])).toSorted(),
      )
    })
  }
})
