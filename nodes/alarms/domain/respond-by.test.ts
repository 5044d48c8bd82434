import assert from 'node:assert/strict'
import type { StateLetter } from './alarm.ts'
import { respondBy } from './respond-by.ts'

const told = 1_000_000

describe('respondBy', () => {
  for (const state of ['B', 'C'] satisfies StateLetter[])
    it(`counts from when the operator was told in state ${state}`, () =>
      assert.equal(respondBy({ state, annunciatedAt: told }, 600_000), 1_600_000))

  for (const state of ['A', 'D', 'E', 'F', 'G', 'H', 'I'] satisfies StateLetter[])
    it(`asks for nothing in state ${state}`, () =>
      assert.equal(respondBy({ state, annunciatedAt: told }, 600_000), null))

  it('asks for nothing where nobody was told', () =>
    assert.equal(respondBy({ state: 'B', annunciatedAt: null }, 600_000), null))
})
