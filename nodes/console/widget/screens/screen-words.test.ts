import assert from 'node:assert/strict'
import { filled } from './screen-words.ts'

describe('a text with places for values', () => {
  it('has them filled, and shows those that nobody gives', () => {
    assert.equal(filled('{count} of {all}', { count: 0, all: '1.284' }), '0 of 1.284')
    assert.equal(filled('{count} of {all}', { count: 3 }), '3 of {all}')
  })
})
