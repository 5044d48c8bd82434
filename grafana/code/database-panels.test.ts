import assert from 'node:assert/strict'
import { sizes } from './database-panels.ts'

describe('panels of the database', () => {
  it('count indexes and partitions with their table, without touching files', () => {
    const asked = JSON.stringify(sizes.build().targets)
    assert.match(asked, /pg_index/)
    assert.match(asked, /pg_inherits/)
    assert.doesNotMatch(asked, /pg_total_relation_size/)
  })
})
