import assert from 'node:assert/strict'
import { median } from './median.ts'

describe('the median', () => {
  it('is the one in the middle, or between the two in the middle', () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])], [2, 2.5, 7])
  })

  it('of nothing is none', () => assert.equal(median([]), null))
})
