import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import fc from 'fast-check'
import { NameOrder } from './name-order.ts'

const { compare } = new Intl.Collator('pt-BR', { numeric: true })

describe('the order of names', () => {
  it('is that of the language, whatever is learnt when', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.array(fc.string(), { maxLength: 5 }), { maxLength: 5 }), (batches) => {
        const order = new NameOrder(compare)
        for (const batch of batches) order.learn(batch)
        const names = [...new Set(batches.flat())]
        const sorted = names.toSorted(order.compare)
        for (const [index, name] of sorted.entries())
          assert.ok(index === 0 || compare(sorted[index - 1]!, name) <= 0, `${sorted[index - 1]} before ${name}`)
      }),
    ))

  it('compares again only when a name is new', () => {
    let comparisons = 0
    const order = new NameOrder((one, other) => {
      comparisons += 1
      return compare(one, other)
    })
    order.learn(['ev-10', 'ev-2', 'água'])
    assert.deepEqual(['ev-10', 'água', 'ev-2'].toSorted(order.compare), ['água', 'ev-2', 'ev-10'])
    const before = comparisons
    order.learn(['ev-2', 'ev-10'])
    assert.equal(comparisons, before)
    order.learn(['ev-1'])
    assert.ok(comparisons > before)
  })
})
