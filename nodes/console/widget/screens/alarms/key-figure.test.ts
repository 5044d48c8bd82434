import assert from 'node:assert/strict'
import type { KeyFigure } from './answers.ts'
import { targetWord, verdictSigns } from './key-figure.ts'

const word = (sense: KeyFigure['sense'], good: number, most: number) => targetWord({ sense, good, most } as KeyFigure)

describe('what a key figure is held against', () => {
  it('is said by its sense, and by both targets where there are two', () => {
    assert.deepEqual(
      [word('upTo', 150, 300), word('upTo', 0, 0), word('below', 1, 1), word('atLeast', 80, 80)],
      ['targetUpToMost', 'targetUpTo', 'targetBelow', 'targetAtLeast'],
    )
  })

  it('has a sign of its own for each verdict', () => {
    assert.equal(new Set(Object.values(verdictSigns)).size, 3)
  })
})
