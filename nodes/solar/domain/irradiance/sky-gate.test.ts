import assert from 'node:assert/strict'
import fc from 'fast-check'
import { skyGate } from './sky-gate.ts'

const site = (...indexes: number[]) => indexes.map((index, n) => ({ panelId: `p-${n}`, index }))

describe('what a site makes of the sky', () => {
  it('is told by the others, not by the panel itself', () => {
    const gate = skyGate(site(0.1, 0.8, 0.8, 0.8))
    assert.equal(gate('p-0'), 0.8)
    assert.ok(Math.abs(gate('p-1')! - 0.8) < 1e-9)
    assert.equal(skyGate(site(0.8, 0.8, 0.8, 1.4))('p-3'), 0.8)
  })

  it('stands as long as two in five panels are well', () => {
    const faulty = Array.from({ length: 5 }, (_, n) => 0.2 + 0.05 * n)
    const gate = skyGate(site(...faulty, 0.9, 0.9, 0.9, 0.9, 0.9))
    assert.ok(gate('p-0')! > 0.85, String(gate('p-0')))
  })

  it('is not told by what is dead', () => {
    assert.equal(skyGate(site(0, 0, 0, 0, 0.01, 0.7, 0.7, 0.7))('p-0'), 0.7)
  })

  it('is not told by fewer than three others', () => {
    const gate = skyGate(site(0.8, 0.8, 0.8))
    assert.equal(gate('p-0'), null)
    assert.equal(gate('another'), 0.8)
    assert.equal(gate(null), 0.8)
    assert.equal(skyGate([])('p-0'), null)
  })

  it('lies among what the others show, and does not depend on their order (property)', () => {
    const indexes = fc.array(fc.double({ min: 0.02, max: 1.5, noNaN: true }), { minLength: 4, maxLength: 60 })
    fc.assert(
      fc.property(indexes, (shown) => {
        const witnesses = site(...shown)
        const others = shown.slice(1)
        const index = skyGate(witnesses)('p-0')!
        assert.ok(index >= Math.min(...others) - 1e-12 && index <= Math.max(...others) + 1e-12)
        assert.ok(Math.abs(skyGate(witnesses.toReversed())('p-0')! - index) < 1e-12)
      }),
    )
  })
})
