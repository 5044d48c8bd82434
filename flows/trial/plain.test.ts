import assert from 'node:assert/strict'
import vm from 'node:vm'
import fc from 'fast-check'
import { plain, plainMessage } from './plain.ts'

describe('what is taken down of a message', () => {
  it('is all that it says, and nothing of its way', () =>
    assert.deepEqual(plainMessage({ _msgid: 'a1', batchId: 3, topic: 'der', payload: [1], req: {} }), {
      topic: 'der',
      payload: [1],
    }))

  it('names what JSON cannot hold', () => {
    const circle: Record<string, unknown> = {
      n: NaN,
      big: 3n,
      bytes: Buffer.from([1]),
      at: new Date(0),
      gone: undefined,
    }
    circle['self'] = circle
    assert.deepEqual(plain(circle), {
      ...{ n: '(NaN)', big: '3n', bytes: { bytes: 'AQ==' }, at: '1970-01-01T00:00:00.000Z' },
      self: '(contains itself)',
    })
    assert.deepEqual(plain(new Error('a slip')), { error: 'a slip' })
    assert.deepEqual(plain(new Map([['a', 1]])), [['a', 1]])
  })

  it('also of what a function node made, which has objects of its own', () =>
    assert.deepEqual(plain(vm.runInNewContext('({ a: new Date(0), b: new Set([1]), c: new Error("x") })')), {
      a: '1970-01-01T00:00:00.000Z',
      b: [1],
      c: { error: 'x' },
    }))

  it('is cut where it has no end', () => {
    assert.equal((plain('x'.repeat(200_000)) as string).length, 100_001)
    assert.equal((plain(Array(6_000).fill(0)) as unknown[]).at(-1), '(and 1000 more)')
    let deep: unknown = 0
    for (let level = 0; level < 5_000; level++) deep = [deep]
    assert.match(JSON.stringify(plain(deep)), /nested deeper/)
  })

  it('is JSON as it was (property)', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value)
        assert.equal(JSON.stringify(plain(JSON.parse(text))), text)
      }),
    ))
})
