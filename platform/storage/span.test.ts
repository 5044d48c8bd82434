import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { LoggedBatch } from './batch-log.ts'
import { spanOf } from './span.ts'

const commit = (batchId: number, firstAt: number | null, lastAt: number | null): LoggedBatch => ({
  ...{ position: batchId, batchId, readings: firstAt === null ? 0 : 3, events: 1, firstAt, lastAt },
})

describe('the span of some commits', () => {
  it('reaches from the first to the last of their instants, whatever the order', () => {
    assert.deepEqual(spanOf([commit(7, 500.25, 600), commit(8, 100, 200.75)]), {
      ...{ batchIds: [7, 8], firstAt: 100, lastAt: 600 },
    })
  })

  it('never leaves out the millisecond that a rounded instant is in', () => {
    assert.deepEqual(spanOf([commit(7, 499.9, 600.1)]), { batchIds: [7], firstAt: 499, lastAt: 601 })
  })

  it('knows nothing of commits without readings', () => {
    assert.equal(spanOf([commit(7, null, null)]), undefined)
  })
})
