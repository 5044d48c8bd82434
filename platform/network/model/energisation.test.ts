import assert from 'node:assert/strict'
import { energised } from './energisation.ts'
import { phasesOf, textOf } from './phases.ts'

const line = (switchId: string, sectionA: string, sectionB: string) => ({
  ...{ switchId, sectionA, sectionB, phases: phasesOf('ABC') },
})
const sources = [
  { sourceId: 's1', sectionId: 'a1', phases: phasesOf('ABC') },
  { sourceId: 's2', sectionId: 'b1', phases: phasesOf('ABC') },
]
const switches = [line('sw-a', 'a1', 'a2'), line('sw-b', 'b1', 'b2'), line('tie', 'a2', 'b2')]
const closed = (text: Record<string, string>) =>
  new Map(Object.entries(text).map(([switchId, phases]) => [switchId, phasesOf(phases)]))
const supplied = (states: Record<string, string>) =>
  Object.fromEntries([...energised(sources, switches, closed(states))].map(([id, phases]) => [id, textOf(phases)]))

describe('energised sections', () => {
  it('are those that closed switches lead to', () =>
    assert.deepEqual(supplied({ 'sw-b': 'ABC' }), { a1: 'ABC', b1: 'ABC', b2: 'ABC' }))

  it('are supplied through a tie from the other side', () =>
    assert.equal(supplied({ 'sw-b': 'ABC', tie: 'ABC' })['a2'], 'ABC'))

  it('lose one phase through a switch that is open in it', () =>
    assert.equal(supplied({ 'sw-a': 'AC', 'sw-b': 'ABC' })['a2'], 'AC'))
})
