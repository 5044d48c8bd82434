import assert from 'node:assert/strict'
import { offsetsIn } from './zone-offset.ts'

describe('the offset of a zone', () => {
  const hourMs = 3_600_000

  it('is negative in the west', () => assert.equal(offsetsIn('America/Sao_Paulo')(Date.UTC(2026, 10, 21)), -3 * hourMs))

  it('changes with summer time, at its instant', () => {
    const offset = offsetsIn('Europe/Paris')
    const change = Date.UTC(2026, 2, 29, 1)
    assert.equal(offset(change - 1), hourMs)
    assert.equal(offset(change), 2 * hourMs)
  })

  it('may be no whole hour', () => assert.equal(offsetsIn('Asia/Kathmandu')(Date.UTC(2026, 0, 1)), 5.75 * hourMs))
})
