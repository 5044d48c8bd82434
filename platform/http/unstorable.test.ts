import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { unstorable } from './unstorable.ts'

describe('a text that a database cannot keep', () => {
  for (const [value, path] of [
    ['a\0', []],
    [{ a: ['b', { c: '\ud800' }] }, ['a', '1', 'c']],
    [{ a: { 'b\0': 1 } }, ['a']],
  ] as const)
    it(`is found: ${JSON.stringify(value)}`, () => assert.deepEqual(unstorable(value)?.path, path))

  it('is no other', () => {
    for (const value of ['', 'ação 😀', 1, null, undefined, true, { a: [1, 'b'] }])
      assert.equal(unstorable(value), undefined)
  })
})
