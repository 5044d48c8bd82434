import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { mostRemoved, TopicState } from './topic-state.ts'

const keysOf = (state: TopicState, since: number): string[] => state.changedSince(since).map(({ key }) => key)

describe('the state of a topic', () => {
  it('has the newest value of each key, and a number that grows with each change', () => {
    const state = new TopicState()
    assert.ok(state.publish('ev-1', { kw: 1 }, 100))
    assert.ok(state.publish('ev-2', { kw: 2 }, 100))
    assert.ok(state.publish('ev-1', { kw: 3 }, 200))
    assert.deepEqual([state.version, state.size, state.get('ev-1')?.value], [3, 2, { kw: 3 }])
  })

  it('takes no value of an earlier instant, and one of the same instant', () => {
    const state = new TopicState()
    state.publish('ev-1', { kw: 1 }, 100)
    assert.equal(state.publish('ev-1', { kw: 2 }, 99), false)
    assert.deepEqual([state.version, state.get('ev-1')?.value], [1, { kw: 1 }])
    assert.ok(state.publish('ev-1', { kw: 3 }, 100))
  })

  it('tells what changed after a version, each key once, the removed ones too', () => {
    const state = new TopicState()
    for (const key of ['a', 'b', 'c', 'a']) state.publish(key, {}, 0)
    assert.deepEqual(keysOf(state, 0), ['b', 'c', 'a'])
    assert.deepEqual(keysOf(state, 2), ['c', 'a'])
    state.remove('c')
    assert.deepEqual(keysOf(state, 4), ['c'])
    assert.deepEqual(keysOf(state, 0), ['b', 'a', 'c'])
    assert.equal(state.remove('c'), false)
    state.publish('c', {}, 0)
    assert.deepEqual(keysOf(state, 5), ['c'])
  })

  it('forgets the oldest of very many removed keys, and says from where on it can tell', () => {
    const state = new TopicState()
    for (let n = 0; n <= mostRemoved; n++) state.publish(`k-${n}`, {}, 0)
    for (let n = 0; n < mostRemoved; n++) state.remove(`k-${n}`)
    assert.equal(state.horizon, 0)
    state.remove(`k-${mostRemoved}`)
    assert.equal(state.horizon, mostRemoved + 2)
    assert.equal(state.changedSince(state.horizon).length, mostRemoved)
  })

  it('is what the changes since any version make of the state at that version (property)', () => {
    const change = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.option(fc.nat(9)) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.nat(60), (changes, cut) => {
        const state = new TopicState()
        const copy = new Map<string, object>()
        let since = 0
        changes.forEach(({ key, value }, index) => {
          if (index === cut) {
            for (const entry of state.entries()) copy.set(entry.key, entry.value!)
            since = state.version
          }
          if (value === null) state.remove(key)
          else state.publish(key, { value }, 0)
        })
        const changed = state.changedSince(since)
        for (const { key, value } of changed)
          if (value) copy.set(key, value)
          else copy.delete(key)
        const expected = new Map([...state.entries()].map(({ key, value }) => [key, value]))
        assert.deepEqual(copy, expected)
        assert.deepEqual(new Set(state.changedAmong('abcde', since)), new Set(changed))
      }),
    )
  })
})
