import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { drawOf } from '../../simulator/draw.ts'
import { type Fate, fateOf, wellBehaved } from './misbehaviour.ts'

const bad = { dropped: 0.1, duplicated: 0.1, delayed: 0.2, mostDelayMs: 3_000, unheard: 0 }
const fates = (seed: number): Fate[] => {
  const draw = drawOf(seed, 'line')
  return Array.from({ length: 4_000 }, () => fateOf(bad, draw))
}

describe('a line that misbehaves', () => {
  it('treats messages in the shares that it was told', () => {
    const shareOf = (kind: Fate['kind']) => fates(1).filter((fate) => fate.kind === kind).length / 4_000
    for (const [kind, share] of [
      ['dropped', 0.1],
      ['duplicated', 0.1],
      ['delayed', 0.2],
      ['passed', 0.6],
    ] as const)
      assert.ok(Math.abs(shareOf(kind) - share) < 0.03, `${kind}: ${shareOf(kind)}`)
  })

  it('confirms half of what it drops', () => {
    const dropped = fates(1).filter((fate) => fate.kind === 'dropped')
    const confirmed = dropped.filter(({ confirmed }) => confirmed).length / dropped.length
    assert.ok(confirmed > 0.4 && confirmed < 0.6, String(confirmed))
  })

  it('does the same again with the same seed, and otherwise with another', () => {
    assert.deepEqual(fates(1), fates(1))
    assert.notDeepEqual(fates(1), fates(2))
  })

  it('does nothing when it is well', () => {
    const draw = drawOf(1, 'line')
    assert.ok(Array.from({ length: 100 }, () => fateOf(wellBehaved, draw)).every(({ kind }) => kind === 'passed'))
  })
})
