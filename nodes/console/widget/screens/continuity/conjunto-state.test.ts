import assert from 'node:assert/strict'
import type { LiveConjunto } from '../../../../../platform/wire/live.ts'
import { byUse, dayStateOf } from './conjunto-state.ts'

describe('the day of a conjunto', () => {
  const today = { day: '2026-11-22', occurrences: 3, threshold: 10.5, stillNeeded: 8, approved: false }
  it('is critical once two persons have said so; before that it is how far it is from the threshold', () => {
    assert.equal(dayStateOf({ today: null }), 'unknown')
    assert.equal(dayStateOf({ today }), 'ordinary')
    assert.equal(dayStateOf({ today: { ...today, occurrences: 9, stillNeeded: 2 } }), 'near')
    assert.equal(dayStateOf({ today: { ...today, occurrences: 11, stillNeeded: 0 } }), 'above')
    assert.equal(dayStateOf({ today: { ...today, approved: true } }), 'approved')
  })
})

describe('conjuntos', () => {
  it('stand by what they have used of their limits; those without come last', () => {
    const conjunto = (conjuntoId: string, decH: number, limit: { decH: number; fec: number } | null) =>
      ({ conjuntoId, yearSoFar: { decH, fec: 1 }, limit }) as LiveConjunto
    const limit = { decH: 8, fec: 6 }
    const all = [conjunto('a', 2, limit), conjunto('b', 9, null), conjunto('c', 9, limit), conjunto('d', 2, limit)]
    assert.deepEqual(
      byUse(all).map(({ conjuntoId }) => conjuntoId),
      ['c', 'a', 'd', 'b'],
    )
  })
})
