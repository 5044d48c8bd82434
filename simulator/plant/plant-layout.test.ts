import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import { plantOf, usualFacts } from './plant-layout.ts'

const { panels } = plantOf(usualFacts, 50, 10, (name) => drawOf(1, name))

describe('a plant', () => {
  it('has its panels in strings of ten, each under a name of its own', () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, 50)
    assert.deepEqual([...new Set(panels.map(({ string }) => string))], [0, 1, 2, 3, 4])
    assert.equal(panels.filter(({ string }) => string === 3).length, 10)
  })

  it('has no two panels alike, and none far from its rating', () => {
    const shares = panels.map(({ module }) => module.currentShare * module.voltageShare)
    assert.equal(new Set(shares).size, 50)
    assert.ok(Math.max(...shares) < 1.035 && Math.min(...shares) > 0.965)
    assert.ok(Math.max(...shares) - Math.min(...shares) > 0.02)
  })

  it('keeps every panel as it is when others are added', () => {
    const larger = plantOf(usualFacts, 60, 10, (name) => drawOf(1, name))
    assert.deepEqual(larger.panels.slice(0, 50), panels)
  })
})
