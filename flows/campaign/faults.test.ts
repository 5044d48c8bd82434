import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { edges } from './edges.ts'
import { drawFaults, nameOf } from './faults.ts'

describe('what breaks in a campaign', () => {
  const names = (commands: number, seed = 1): string[] => drawFaults(seed, commands).map(nameOf)

  it('is in a long one everything, twice', () => {
    const counts = Map.groupBy(names(2_000), (name) => name)
    assert.deepEqual(
      [...counts.keys()].toSorted(),
      [
        ...edges.map(({ name }) => `Node-RED killed: ${name}`),
        ...['Node-RED killed at random', 'broker restarts', 'PostgreSQL restarts'],
      ].toSorted(),
    )
    assert.ok([...counts.values()].every(({ length }) => length >= 2))
  })

  it('is in a short one what it comes by, of each part', () => {
    assert.deepEqual(names(100).toSorted(), [
      ...['Node-RED killed: answer taken, its confirmation lost', 'Node-RED killed: operate sent'],
      ...['Node-RED killed: operate written, not sent', 'PostgreSQL restarts', 'broker restarts'],
    ])
  })

  it('comes in another order with another seed', () => {
    assert.deepEqual(names(2_000, 5), names(2_000, 5))
    assert.notDeepEqual(names(2_000, 5), names(2_000, 6))
  })
})
