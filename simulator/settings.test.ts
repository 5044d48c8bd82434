import assert from 'node:assert/strict'
import { readFlags, type FieldFlags } from './flags.ts'
import type { Scenario } from './scenario.ts'
import { fieldSettings } from './settings.ts'
import { UsageError } from './usage-error.ts'

const now = Date.UTC(2026, 10, 21, 1, 30, 0, 250)
const settings = (args: string[], scenario?: Partial<Scenario>) =>
  fieldSettings(readFlags(args, {}) as FieldFlags, scenario && { description: 'x', ...scenario }, now)

describe('the settings of a run', () => {
  it('without flags or scenario are those of the default field, on the wall', () => {
    const { field, seed, intervalMs, start, simulatedSpeed, durationMs, oneConnection, faults } = settings([])
    assert.deepEqual([field.panels.length, field.meters.length, field.evs.length], [10, 20, 4])
    assert.deepEqual([seed, intervalMs, start], [1, 1000, Date.UTC(2026, 10, 21, 1, 30, 1)])
    assert.deepEqual([simulatedSpeed, durationMs, oneConnection, faults], [undefined, Infinity, false, []])
  })

  it('flags go before the scenario, and the scenario before the defaults', () => {
    const scenario = { seed: 5, fleet: { panels: 1, evs: 2 }, interval_seconds: 10, duration_minutes: 3 }
    const of = (...args: string[]) => {
      const { field, seed, intervalMs, durationMs } = settings(args, scenario)
      return [field.panels.length, field.meters.length, field.evs.length, seed, intervalMs, durationMs]
    }
    assert.deepEqual(of(), [1, 20, 2, 5, 10_000, 180_000])
    const flags = ['--panels', '7', '--seed', '6', '--interval', '2', '--duration', '9']
    assert.deepEqual(of(...flags), [7, 20, 2, 6, 2_000, 9_000])
  })

  it('meters send effective values over the interval that a scenario gives them all', () => {
    const meters = (scenario: Partial<Scenario>) => settings([], scenario).field.meters
    const own = meters({}).map(({ aggregation, intervalS }) => `${aggregation} ${intervalS}`)
    assert.deepEqual(new Set(own), new Set(['instant 5', 'rms 60']))
    for (const { aggregation, intervalS } of meters({ meter_interval_seconds: 600 }))
      assert.deepEqual([aggregation, intervalS], ['rms', 600])
  })

  it("time is the wall's, and a scenario's start unused, unless --speed or --start is given", () => {
    const begin = (...args: string[]) => {
      const { start, simulatedSpeed, oneConnection } = settings(args, { start: '18:00' })
      return [new Date(start).toISOString(), simulatedSpeed, oneConnection]
    }
    assert.deepEqual(begin(), ['2026-11-21T01:30:01.000Z', undefined, false])
    // half past ten in the evening of the 20th, in the field
    assert.deepEqual(begin('--speed', '60'), ['2026-11-20T21:00:00.000Z', 60, true])
    assert.deepEqual(begin('--start', '06:15'), ['2026-11-20T09:15:00.000Z', 1, true])
    assert.deepEqual(begin('--start', '2026-01-15T06:00:00-03:00'), ['2026-01-15T09:00:00.000Z', 1, true])
  })

  it('a start that is no instant is named', () => {
    assert.throws(() => settings(['--start', '2026-01-15T06:00:00']), /--start must be .* got "2026-01-15T06:00:00"/)
    assert.throws(() => settings(['--speed', '2'], { start: '2026-01-15T25:00Z' }), UsageError)
  })

  it('more devices than may have a connection each need one for all, which simulated time has anyway', () => {
    assert.throws(() => settings(['--panels', '600']), /624 devices .*--one-connection/s)
    assert.throws(() => settings([], { fleet: { meters: 9_000 } }), /--one-connection/)
    assert.ok(settings(['--panels', '600', '--one-connection']).oneConnection)
    assert.ok(settings(['--panels', '600', '--speed', '2']).oneConnection)
  })

  it('faults of the flags last throughout, those of the scenario as long as it says', () => {
    const event = { kind: 'faults', at_minute: 2, for_minutes: 3, percent: { late: 2 }, hold_minutes: 1 } as const
    const { start, faults } = settings(['--fault', 'silent=4%'], { events: [event] })
    assert.deepEqual(faults, [
      { from: start, to: Infinity, shares: { silent: 0.04 }, holdMs: 300_000, of: 'readings' },
      { from: start + 120_000, to: start + 300_000, shares: { late: 0.02 }, holdMs: 60_000, of: 'readings' },
    ])
  })
})
