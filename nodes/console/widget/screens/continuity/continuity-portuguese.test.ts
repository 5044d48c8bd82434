import assert from 'node:assert/strict'
import { continuityPortuguese } from './continuity-portuguese.ts'

describe('continuity in Portuguese', () => {
  it('has the words of the regulator', () => {
    assert.match(continuityPortuguese.waiting, /^Expurgos/)
    assert.equal(continuityPortuguese.customerHours, 'CHI')
  })
})
