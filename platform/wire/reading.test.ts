import assert from 'node:assert/strict'
import { fieldKinds } from './contract.ts'
import { readingKinds } from './reading.ts'

describe('the kinds of reading', () => {
  it('are the messages that are a series', () => {
    assert.deepEqual(
      fieldKinds.filter((kind) => (readingKinds as readonly string[]).includes(kind)),
      [...readingKinds],
    )
  })
})
