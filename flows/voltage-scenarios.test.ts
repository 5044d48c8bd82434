import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { bandLimitsOf, classify, type VoltageBand } from '../nodes/voltage/domain/bands.ts'
import { transgressionRules } from '../nodes/voltage/domain/transgression.ts'
import { windowMs } from '../nodes/voltage/domain/windows.ts'
import type { MeterReading } from '../platform/wire/payloads.ts'
import { readFlags, type FieldFlags } from '../simulator/flags.ts'
import { loadScenario } from '../simulator/scenario-files.ts'
import { fieldSettings } from '../simulator/settings.ts'
import { Simulation } from '../simulator/simulation.ts'

const { windows, drpLimitPct, drcLimitPct } = transgressionRules[0]!.value

/** What the first 1,008 readings of a meter, each of a whole window, come to; per phase, A to C. */
interface Outcome {
  readonly precarious: readonly number[]
  readonly critical: readonly number[]
}
type Outcomes = ReadonlyMap<string, Outcome>

/** Lives through a scenario, as the simulator does, and judges what its meters send. */
function liveThrough(name: string): Outcomes {
  const flags = readFlags(['--scenario', name, '--speed', '3600'], {}) as FieldFlags
  const { field, seed, start, intervalMs, durationMs, script } = fieldSettings(flags, loadScenario(name), 0)
  const simulation = new Simulation(field, seed, start, intervalMs, script)
  const nominal = new Map(field.meters.map(({ id, nominalV }) => [id, nominalV]))
  const bands = new Map<string, (VoltageBand | undefined)[][]>()
  for (let at = start; at < start + durationMs; at += intervalMs)
    for (const { kind, deviceId, payload } of simulation.step(at)) {
      if (kind !== 'meter') continue
      const { timestamp, interval_s, va_v, vb_v, vc_v } = payload as MeterReading
      assert.deepEqual([Date.parse(String(timestamp)) % windowMs, interval_s], [0, windowMs / 1_000])
      const limits = bandLimitsOf(nominal.get(deviceId)!, '2026-03-02')
      const judged = [va_v, vb_v, vc_v].map((volts) => (volts === null ? undefined : classify(volts!, limits)))
      bands.set(deviceId, [...(bands.get(deviceId) ?? []), judged])
    }
  return new Map([...bands].map(([id, all]) => [id, outcomeOf(all)]))
}

function outcomeOf(all: readonly (VoltageBand | undefined)[][]): Outcome {
  assert.ok(all.length >= windows, `${all.length} windows are no measurement`)
  const measured = all.slice(0, windows)
  const count = (band: VoltageBand) => [0, 1, 2].map((phase) => measured.filter((one) => one[phase] === band).length)
  return { precarious: count('precarious'), critical: count('critical') }
}

const percent = (counts: readonly number[]): number => (100 * Math.max(...counts)) / windows
const breaks = (outcome: Outcome): string =>
  [
    ...(percent(outcome.precarious) > drpLimitPct ? ['DRP'] : []),
    ...(percent(outcome.critical) > drcLimitPct ? ['DRC'] : []),
  ].join(' and ') || 'none'

/** Its supply is weak in every scenario. */
const weak = 'meter-020'
const broken = (outcomes: Outcomes): Record<string, string> =>
  Object.fromEntries(
    [...outcomes].map(([id, one]) => [id, breaks(one)]).filter(([id, what]) => id !== weak && what !== 'none'),
  )

describe('a week of the simulated field, judged by the bands', function () {
  this.timeout(60_000)

  it('evening-sag: most units of feeder-02 break DRP, one near the substation does not, and feeder-01 has nothing', () => {
    const outcomes = liveThrough('evening-sag')
    assert.deepEqual(
      broken(outcomes),
      Object.fromEntries([12, 13, 14, 15, 16, 17, 18, 19].map((n) => [`meter-0${n}`, 'DRP'])),
    )
    const near = Math.max(...outcomes.get('meter-011')!.precarious)
    assert.ok(near > 0 && near <= 30, `${near} precarious windows`)
    assert.equal(breaks(outcomes.get(weak)!), 'DRP and DRC')
  })

  it('only-drc: one house breaks DRC with few precarious windows, and nobody else anything', () => {
    const outcomes = liveThrough('only-drc')
    assert.deepEqual(broken(outcomes), { 'meter-008': 'DRC' })
    const { precarious, critical } = outcomes.get('meter-008')!
    assert.ok(critical[0]! > 5 && precarious[0]! <= 30, JSON.stringify({ precarious, critical }))
  })

  it('phases-apart: of a unit with three phases one is worst for DRP and another for DRC', () => {
    const outcomes = liveThrough('phases-apart')
    assert.deepEqual(broken(outcomes), { 'meter-005': 'DRP and DRC' })
    const { precarious, critical } = outcomes.get('meter-005')!
    const worst = (counts: readonly number[]) => 'ABC'[counts.indexOf(Math.max(...counts))]
    assert.deepEqual([worst(precarious), worst(critical)], ['A', 'C'])
    // Of one phase alone, each limit is kept by one of them.
    assert.ok(critical[0]! <= 5 && precarious[2]! <= 30, JSON.stringify({ precarious, critical }))
  })

  it('is the same each time', () => assert.deepEqual(liveThrough('phases-apart'), liveThrough('phases-apart')))
})
