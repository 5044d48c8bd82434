import assert from 'node:assert/strict'
import { fieldSettings } from '../../simulator/settings.ts'
import { readFlags, type FieldFlags } from '../../simulator/flags.ts'
import { readOptions, type Options } from './options.ts'
import { weekLabels, weekScenario } from './week-scenario.ts'

const optionsOf = (...args: string[]): Options => readOptions(args)!

describe('the week of a plant', () => {
  it('has nine kinds of faults, each on panels of its own, but for what befalls all', () => {
    const options = optionsOf()
    const labels = weekLabels(options, weekScenario(options), 0).filter(({ kind }) => kind !== 'inverter_trip')
    assert.equal(new Set(labels.map(({ kind }) => kind)).size, 8)
    assert.equal(new Set(labels.map(({ panelId }) => panelId)).size, labels.length)
    assert.deepEqual(
      labels.filter(({ kind }) => kind === 'string_open').map(({ panelId }) => panelId),
      ['plant-01-panel-009', 'plant-01-panel-010', 'plant-01-panel-011', 'plant-01-panel-012'],
    )
  })

  it('has them from the second day on, and none that it does not see to its end', () => {
    const options = optionsOf('--days', '3')
    const labels = weekLabels(options, weekScenario(options), 0)
    assert.deepEqual([...new Set(labels.map(({ kind }) => kind))], ['zero_output', 'stuck_sensor', 'out_of_range'])
    assert.ok(labels.every(({ from, to }) => from >= 86_400_000 && to <= 3 * 86_400_000))
  })

  it('is one that the simulator plays', () => {
    const scenario = weekScenario(optionsOf())
    const flags = readFlags(['--speed', '100'], {}) as FieldFlags
    const { field, durationMs } = fieldSettings(flags, scenario, 0)
    assert.equal(durationMs, 7 * 86_400_000)
    assert.equal(field.plants[0]!.panels, 12)
  })
})
