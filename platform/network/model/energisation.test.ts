import assert from 'node:assert/strict'
import { energised } from './energisation.ts'
import { twoFeeders } from './network.fixture.ts'
import { networkAt } from './network.ts'
import { phasesOf, textOf } from './phases.ts'

const network = networkAt(twoFeeders, 0)
const supplied = (positions: Record<string, string>) =>
  Object.fromEntries(
    [...energised(network, new Map(Object.entries(positions).map(([id, phases]) => [id, phasesOf(phases)])))].map(
      ([id, phases]) => [id, textOf(phases)],
    ),
  )

describe('energised sections', () => {
  it('are those that closed switches lead to', () =>
    assert.deepEqual(supplied({ 'sw-a': '', 'sw-bb': '' }), { a1: 'ABC', b1: 'ABC', b2: 'ABC' }))

  it('are supplied through a tie from the other side', () =>
    assert.equal(supplied({ 'sw-aa': '', tie: 'ABC' })['a3'], 'ABC'))

  it('lose one phase through a switch that is open in it', () =>
    assert.deepEqual([supplied({ 'sw-a': 'AC' })['a2'], supplied({ 'sw-a': 'AC' })['a3']], ['AC', 'AC']))

  it('are none behind a source that is switched off', () =>
    assert.deepEqual(Object.keys(supplied({ f2: '' })).toSorted(), ['a1', 'a2', 'a3']))
})
