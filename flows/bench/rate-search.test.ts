import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { highestKept } from './rate-search.ts'

/** A machine that keeps up to some rate. @returns what is found, and the rates that were tried */
async function search(capacity: number, ladder: { start: number; most: number; within: number }) {
  const tried: number[] = []
  const found = await highestKept(ladder, async (rate) => {
    tried.push(rate)
    return rate <= capacity
  })
  return { found, tried }
}

describe('the search for the highest rate that is kept', () => {
  it('climbs by half, then narrows', async () => {
    const { found, tried } = await search(30_000, { start: 10_000, most: 100_000, within: 1.1 })
    assert.deepEqual(tried, [10_000, 15_000, 22_500, 34_000, 27_500, 30_500, 29_000])
    assert.equal(found, 29_000)
  })

  it('goes down where the start is too much', async () => {
    assert.equal((await search(300, { start: 1_000, most: 10_000, within: 1.1 })).found, 300)
  })

  it('ends at the highest rate that may be tried', async () => {
    assert.equal((await search(1e9, { start: 1_000, most: 4_000, within: 1.1 })).found, 4_000)
    assert.deepEqual((await search(1e9, { start: 5_000, most: 4_000, within: 1.1 })).tried, [4_000])
  })

  it('says so where nothing is kept', async () => {
    assert.equal((await search(0, { start: 1_000, most: 4_000, within: 1.1 })).found, undefined)
  })

  it('finds any capacity, by its precision, in a dozen probes (property)', () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 1_000, max: 100_000, noNaN: true }), async (capacity) => {
        const { found, tried } = await search(capacity, { start: 10_000, most: 200_000, within: 1.12 })
        assert.ok(found !== undefined && found <= capacity && capacity / found < 1.13, `${found} of ${capacity}`)
        assert.ok(tried.length <= 12, `${tried.length} probes`)
        assert.equal(new Set(tried).size, tried.length)
      }),
    ))
})
