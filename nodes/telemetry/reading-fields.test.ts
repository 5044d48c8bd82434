import assert from 'node:assert/strict'
import { readingKinds } from '../../platform/wire/reading.ts'
import { readingCsv, ReadingSchema } from './reading-fields.ts'
import { measuresOf, wordsOf } from './series-tables.ts'

describe('a reading as the API shows it', () => {
  const columns = readingCsv.map(({ name }) => name)

  it('has every measure and word that is stored, in JSON and in CSV, once', () => {
    for (const kind of readingKinds)
      for (const name of [...measuresOf(kind), ...wordsOf(kind)]) {
        assert.ok(name in ReadingSchema.properties, name)
        assert.ok(columns.includes(name), name)
      }
    assert.equal(new Set(columns).size, columns.length)
  })

  it('writes measures as numbers, and what devices say as text', () => {
    for (const { name, kind } of readingCsv) {
      const isMeasure = readingKinds.some((each) => measuresOf(each).includes(name))
      assert.equal(kind, isMeasure ? 'number' : 'text', name)
    }
  })
})
