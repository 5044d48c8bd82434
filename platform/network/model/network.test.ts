import assert from 'node:assert/strict'
import { line, operation, source } from './network.fixture.ts'
import { inOrder, networkAt, positionsAt } from './network.ts'
import { phasesOf } from './phases.ts'

describe('a network over time', () => {
  it('has at an instant what began and has not ended', () => {
    const history = {
      sources: [source('f1', 'a1', { from: 10, until: 20 })],
      switches: [line('s1', 'a1-a2', { until: 10 })],
    }
    const at = (instant: number) => {
      const { sources, switches } = networkAt(history, instant)
      return [sources.length, switches.length]
    }
    assert.deepEqual([at(9), at(10), at(19), at(20)], [[0, 1], [1, 0], [1, 0], [0, 0]]) // prettier-ignore
  })
})

describe('operations in order', () => {
  it('are one for a switch and instant, the most trusted', () =>
    assert.deepEqual(
      inOrder([
        operation('b', 2, '', { source: 'reading' }),
        operation('a', 2, 'A', { source: 'event', reference: '1' }),
        operation('a', 2, 'B', { source: 'event', reference: '2' }),
        operation('a', 2, 'C', { source: 'reading', reference: '3' }),
        operation('a', 1, 'ABC'),
      ]).map(({ switchId, at, closed }) => [switchId, at, closed]),
      [['a', 1, 7], ['a', 2, 2], ['b', 2, 0]], // prettier-ignore
    ))

  it('leave switches where the last one up to an instant put them', () => {
    const operations = [operation('a', 5, 'AB'), operation('a', 9, ''), operation('b', 6, 'C')]
    assert.deepEqual(positionsAt(operations, 5), new Map([['a', phasesOf('AB')]]))
    assert.deepEqual(positionsAt(operations, 9), new Map([['a', 0], ['b', phasesOf('C')]])) // prettier-ignore
  })
})
