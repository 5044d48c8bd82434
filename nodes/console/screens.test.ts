import assert from 'node:assert/strict'
import { isScreenName, screens } from './screens.ts'

describe('the pages of the console', () => {
  it('are known by their names', () => {
    for (const name of screens) assert.ok(isScreenName(name))
    for (const word of ['', 'field', 'toString', undefined, 3]) assert.equal(isScreenName(word), false)
  })
})
