import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Rebirths } from './rebirths.ts'

describe('requests for births', () => {
  const edge = { name: 'edge' }

  it('go out at once, and then once in a time', () => {
    const rebirths = new Rebirths<object>(10_000)
    assert.equal(rebirths.ask(edge, 0), true)
    assert.equal(rebirths.ask(edge, 9_999), false)
    assert.equal(rebirths.dueAt, 10_000)
    assert.deepEqual(rebirths.due(9_999), [])
    assert.deepEqual(rebirths.due(10_000), [edge])
    assert.equal(rebirths.ask(edge, 10_000), true)
    assert.equal(rebirths.dueAt, undefined)
  })

  it('to one edge node leave those to another alone', () => {
    const rebirths = new Rebirths<object>(10_000)
    rebirths.ask(edge, 0)
    assert.equal(rebirths.ask({ name: 'other' }, 1), true)
  })

  it('are not repeated to who was born', () => {
    const rebirths = new Rebirths<object>(10_000)
    rebirths.ask(edge, 0)
    rebirths.ask(edge, 1)
    rebirths.settle(edge)
    assert.equal(rebirths.dueAt, undefined)
    assert.equal(rebirths.ask(edge, 2), false, 'but its next trouble has to wait, too')
  })

  it('are never closer than the pause (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3_000 })), (steps) => {
        const rebirths = new Rebirths<object>(10_000)
        let [now, asked] = [0, -Infinity]
        for (const step of steps) {
          now += step
          if (!rebirths.ask(edge, now)) continue
          assert.ok(now - asked >= 10_000)
          asked = now
        }
      }),
    )
  })
})
