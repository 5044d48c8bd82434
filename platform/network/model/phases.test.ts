import assert from 'node:assert/strict'
import { phasesOf, textOf } from './phases.ts'

describe('sets of phases', () => {
  it('are written as they are read', () => {
    for (const text of ['', 'A', 'B', 'C', 'AB', 'AC', 'BC', 'ABC']) assert.equal(textOf(phasesOf(text)), text)
  })
})
