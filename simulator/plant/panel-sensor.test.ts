import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import type { FaultEpisode, FaultSize } from './fault-kinds.ts'
import { readSensor, type Shown } from './panel-sensor.ts'

const exact = { voltsShare: 1, amperesShare: 1, offsetC: 0 }
const truth = { celsius: 45, volts: 38, amperes: 8 }
const with_ = (size: FaultSize): FaultEpisode[] => [{ episode: 1, panelIds: ['a'], from: 0, to: 1, size }]
const frozen: Shown = { celsius: 30, volts: 40.1, amperes: 5, watts: 200.5, lowestWatts: 200.5, highestWatts: 200.5 }
const read = (size?: FaultSize, measured = truth) =>
  readSensor(measured, exact, size ? with_(size) : [], frozen, drawOf(1, 'sensor'))

describe('the sensor of a panel', () => {
  it('shows one decimal, with its noise, and volts times amperes as watts', () => {
    const draw = drawOf(1, 'many')
    const shown = Array.from({ length: 2_000 }, () => readSensor(truth, exact, [], undefined, draw))
    for (const { celsius, volts, amperes, watts } of shown) {
      for (const value of [celsius, volts, amperes]) assert.equal(Math.round(value * 10) / 10, value)
      assert.ok(Math.abs(volts * amperes - watts) < 0.006)
    }
    const mean = shown.reduce((sum, { amperes }) => sum + amperes, 0) / shown.length
    assert.ok(Math.abs(mean - 8) < 0.01)
    assert.ok(new Set(shown.map(({ volts }) => volts)).size > 1)
  })

  it('shows the means of many readings, between the lowest and the highest of them', () => {
    const draw = drawOf(1, 'means')
    const shown = Array.from({ length: 300 }, () => readSensor(truth, exact, [], undefined, draw, 60))
    for (const { watts, lowestWatts, highestWatts } of shown)
      assert.ok(lowestWatts < watts && watts < highestWatts && highestWatts - lowestWatts < 30)
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values)
    assert.ok(spread(shown.map(({ volts }) => volts)) < 0.05)
    assert.ok(new Set(shown.map(({ volts }) => volts)).size > 8)
  })

  it('shows nothing where there is nothing', () => {
    const { volts, amperes, watts } = read(undefined, { celsius: 18, volts: 0, amperes: 0 })
    assert.deepEqual([volts, amperes, watts], [0, 0, 0])
  })

  it('keeps what it showed when it stuck, all of it or a part', () => {
    assert.deepEqual(read({ kind: 'stuck_sensor', measures: 'all' }), frozen)
    const { celsius, watts } = read({ kind: 'stuck_sensor', measures: 'electric' })
    assert.ok(Math.abs(celsius - 45) < 1 && watts === 200.5)
    const warm = read({ kind: 'stuck_sensor', measures: 'temperature' })
    assert.ok(warm.celsius === 30 && Math.abs(warm.watts - 304) < 12)
  })

  it('shows the end of its scale where it is broken', () => {
    assert.equal(read({ kind: 'out_of_range', measure: 'temperature', shown: 125 }).celsius, 125)
    const { volts, watts } = read({ kind: 'out_of_range', measure: 'voltage', shown: 66 })
    assert.ok(volts === 66 && watts > 500)
  })
})
