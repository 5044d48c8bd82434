import assert from 'node:assert/strict'
import { hindranceOf, hotterBy } from './fault-effects.ts'
import type { FaultEpisode, FaultSize } from './fault-kinds.ts'
import { unhindered } from './module.ts'
import { usualFacts } from './plant-layout.ts'

const DAY_MS = 86_400_000
const sunAt = (elevationDeg: number, azimuthDeg: number) => ({
  elevation: (elevationDeg * Math.PI) / 180,
  azimuth: (azimuthDeg * Math.PI) / 180,
})
const episode = (size: FaultSize): FaultEpisode => ({ episode: 1, panelIds: ['a'], from: 0, to: 100 * DAY_MS, size })
const effect = (size: FaultSize, days = 10, sun = sunAt(60, 0)) =>
  hindranceOf([episode(size)], days * DAY_MS, sun, usualFacts, 1)
const healthy = { ...unhindered, capW: 350 }

describe('what faults make of a panel', () => {
  it('is nothing without any, but for the inverter that takes no more', () => {
    assert.deepEqual(hindranceOf([], 0, sunAt(60, 0), usualFacts, 0.98), { ...healthy, clean: 0.98 })
  })

  it('is dirt that grows from day to day', () => {
    assert.equal(effect({ kind: 'soiling', lossPerDay: 0.005 }).clean, 0.95)
    assert.equal(effect({ kind: 'soiling', lossPerDay: 0.005 }, 20).clean, 0.9)
  })

  it('is shade only while the sun stands behind the object, also across north', () => {
    const object = { azimuthDeg: 355, halfWidthDeg: 12, topDeg: 40, substrings: 2 }
    const shadedBy = (elevationDeg: number, azimuthDeg: number) =>
      effect({ kind: 'shading', object }, 1, sunAt(elevationDeg, azimuthDeg)).shaded
    assert.deepEqual([shadedBy(35, 5), shadedBy(35, 345), shadedBy(45, 5), shadedBy(35, 10)], [2, 2, 0, 0])
  })

  it('takes away what each kind does', () => {
    const aged = effect({ kind: 'degradation', lossPerDay: 0.001 }, 100)
    assert.ok(Math.abs(aged.currentLeft * aged.voltageLeft - 0.9) < 0.003)
    assert.equal(effect({ kind: 'string_open' }).contact, 'open')
    assert.equal(effect({ kind: 'inverter_trip' }).contact, 'open')
    assert.equal(effect({ kind: 'zero_output' }).contact, 'dead')
    assert.equal(effect({ kind: 'short_circuit', substrings: 1 }).bridged, 1)
    assert.equal(effect({ kind: 'clipping', capShare: 0.5 }).capW, 200)
    assert.ok(Math.abs(effect({ kind: 'low_voltage', dropShare: 0.2 }).resistance * (400 / 41) - 8.2) < 1e-9)
    assert.ok(Math.abs(effect({ kind: 'hot_spot', hotterC: 20, loss: 0.05 }).voltageLeft - 0.95) < 1e-9)
    assert.deepEqual(effect({ kind: 'stuck_sensor', measures: 'all' }), healthy)
    assert.deepEqual(effect({ kind: 'out_of_range', measure: 'voltage', shown: 66 }), healthy)
  })

  it('keeps a dead panel dead while the inverter stands still', () => {
    const both = [episode({ kind: 'zero_output' }), episode({ kind: 'inverter_trip' })]
    assert.equal(hindranceOf(both, 0, sunAt(60, 0), usualFacts, 1).contact, 'dead')
  })

  it('heats a hot spot with the light', () => {
    const hot = [episode({ kind: 'hot_spot', hotterC: 20, loss: 0.05 })]
    assert.deepEqual([hotterBy(hot, 1000), hotterBy(hot, 0), hotterBy([], 1000)], [20, 0, 0])
  })
})
