import assert from 'node:assert/strict'
import type { Piece } from './live.ts'
import { LiveState } from './live-state.ts'

const piece = (type: Piece['type'], from: number, to: number, set: Piece['set'], more: Partial<Piece> = {}): Piece => ({
  ...{ type, topic: 'devices', epoch: 'e', from, to, piece: 0, last: true, set, removed: [] },
  ...(more as object),
})

describe('a client’s copy of a topic', () => {
  const filled = (): LiveState<unknown> => {
    const state = new LiveState<unknown>()
    assert.equal(state.take(piece('snapshot', 0, 5, { a: 1, b: 2 })), 'changed')
    return state
  }

  it('is a snapshot, and then what the deltas make of it', () => {
    const state = filled()
    assert.equal(state.take(piece('delta', 5, 8, { b: 3, c: 4 }, { removed: ['a'] })), 'changed')
    assert.deepEqual(
      [...state.values],
      [
        ['b', 3],
        ['c', 4],
      ],
    )
    assert.deepEqual(state.position, { epoch: 'e', version: 8 })
  })

  it('shows a snapshot as a whole, once its last piece is there', () => {
    const state = filled()
    assert.equal(state.take(piece('snapshot', 0, 9, { x: 1 }, { last: false })), 'taken')
    assert.deepEqual([...state.values.keys()], ['a', 'b'])
    assert.equal(state.take(piece('snapshot', 0, 9, { y: 1 }, { piece: 1 })), 'changed')
    assert.deepEqual([...state.values.keys()], ['x', 'y'])
    assert.equal(state.position?.version, 9)
  })

  it('stays at its version until the last piece of a delta', () => {
    const state = filled()
    state.take(piece('delta', 5, 9, { a: 7 }, { last: false }))
    assert.deepEqual([state.values.get('a'), state.position?.version], [7, 5])
    state.interrupt()
    assert.equal(state.take(piece('delta', 5, 10, { a: 8, b: 9 })), 'changed')
    assert.equal(state.position?.version, 10)
  })

  for (const [what, missed] of [
    ['a delta that begins later', piece('delta', 6, 8, { z: 1 })],
    ['a delta of another sequence', piece('delta', 5, 8, { z: 1 }, { epoch: 'other' })],
    ['a later piece of a round it has not seen', piece('delta', 5, 8, { z: 1 }, { piece: 1 })],
    ['a snapshot that leads from somewhere', piece('snapshot', 3, 8, { z: 1 })],
  ] as const) {
    it(`takes ${what} for what it is, a gap`, () => {
      const state = filled()
      assert.equal(state.take(missed), 'gap')
      assert.deepEqual([[...state.values.keys()], state.position], [['a', 'b'], undefined])
      assert.equal(state.take(piece('delta', 5, 6, {})), 'gap', 'only a snapshot helps now')
      assert.equal(state.take(piece('snapshot', 0, 8, { z: 1 })), 'changed')
    })
  }

  it('misses a piece in the midst of a round', () => {
    const state = filled()
    state.take(piece('delta', 5, 9, {}, { last: false }))
    assert.equal(state.take(piece('delta', 5, 9, {}, { piece: 2 })), 'gap')
    const other = filled()
    other.take(piece('snapshot', 0, 9, {}, { last: false }))
    assert.equal(other.take(piece('delta', 5, 9, {})), 'gap')
  })
})
