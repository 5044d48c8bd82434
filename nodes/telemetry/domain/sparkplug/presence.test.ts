import assert from 'node:assert/strict'
import { Presences } from './presence.ts'

describe('presence', () => {
  it('is said as the contract says it', () => {
    const presences = new Presences()
    presences.claim('plant.edge', 'plant/edge')
    assert.deepEqual(presences.say('plant.edge', 'online', 1_000), {
      topic: 'grid/status/plant.edge',
      body: { device_id: 'plant.edge', status: 'online', timestamp: 1_000 },
    })
  })

  it('moves forward, though the clock of an edge node is behind: the last word is the one that counts', () => {
    const presences = new Presences()
    presences.claim('m', 'plant/edge/m')
    presences.say('m', 'online', 5_000)
    assert.equal(presences.say('m', 'offline', 3_000).body['timestamp'], 5_001)
    assert.equal(presences.say('m', 'online', 5_001).body['timestamp'], 5_002)
  })

  it('two that would be called the same are not mixed up', () => {
    const presences = new Presences()
    assert.equal(presences.claim('a_b', 'plant/a b'), undefined)
    assert.equal(presences.claim('a_b', 'plant/a b'), undefined)
    assert.match(presences.claim('a_b', 'plant/a?b')!, /plant\/a\?b would be a_b, as plant\/a b is/)
  })

  it('an edge node gives up its name and those of its devices, and no others', () => {
    const presences = new Presences()
    for (const name of ['plant/edge', 'plant/edge/m', 'plant/edge-2']) presences.claim(name.replaceAll('/', '.'), name)
    presences.release('plant/edge')
    assert.equal(presences.claim('plant.edge', 'another'), undefined)
    assert.equal(presences.claim('plant.edge.m', 'another'), undefined)
    assert.ok(presences.claim('plant.edge-2', 'another'))
  })
})
