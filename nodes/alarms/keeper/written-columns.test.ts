import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { expressionsOf, namesOf, rowsOf, valuesOf, type WrittenColumns } from './written-columns.ts'

const columns: WrittenColumns<{ readonly id: number; readonly at: number | null; readonly text?: object | null }> = {
  id: ['bigint', ({ id }) => id],
  at: ['instant', ({ at }) => at],
  text: ['jsonb', ({ text }) => text],
}

describe('columns that are written', () => {
  it('are an array each, of their type, from a parameter on', () => {
    assert.equal(rowsOf(columns, 2), 'unnest($2::bigint[], $3::float8[], $4::jsonb[]) as w (id, at, text)')
    assert.equal(
      rowsOf(columns, 1, 'place'),
      'unnest($1::bigint[], $2::float8[], $3::jsonb[]) with ordinality as w (id, at, text, place)',
    )
  })

  it('go in by name, instants as such', () => {
    assert.equal(namesOf(columns), 'id, at, text')
    assert.deepEqual(expressionsOf(columns), ['w.id', 'to_timestamp(w.at / 1000)', 'w.text'])
  })

  it('hold what is of each item; nothing is null', () => {
    const items = [
      { id: 1, at: 5, text: { message: 'a"b' } },
      { id: 2, at: null, text: null },
      { id: 3, at: 6 },
    ]
    assert.deepEqual(valuesOf(columns, items), [
      [1, 2, 3],
      [5, null, 6],
      ['{"message":"a\\"b"}', null, null],
    ])
  })
})
