import assert from 'node:assert/strict'
import type { YearOptions } from '../../simulator/plant/plant-year.ts'
import { judgement, type Judgement } from './judgement.ts'

/** Winter of São Paulo: dry enough for dirt. */
const winter = Date.UTC(2026, 5, 1, 3)
const season: YearOptions = {
  ...{ start: winter, days: 70, panels: 20, healthyDays: 20 },
  faults: {
    ...{ soiling: 1, shading: 2, string_open: 1, short_circuit: 2, hot_spot: 2, stuck_sensor: 2 },
    ...{ inverter_trip: 2, zero_output: 2, clipping: 2, low_voltage: 2, out_of_range: 2 },
  },
}
/** Three weeks of a plant that is in order, but for what the test makes of it. */
const orderly: YearOptions = { start: winter, days: 18, panels: 12, faults: 'none' }

const alarms = ({ falseAlarms: { count, byName } }: Judgement): string =>
  `${count} false alarms ${JSON.stringify(byName)}`

describe('detectors on simulated seasons that they were not built on', function () {
  this.timeout(300_000)
  let judged: Judgement

  before(() => {
    judged = judgement([21], season)
  })

  it('find nine of ten faults by their name', () => {
    const [found, injected] = judged.kinds.reduce(
      ([all, of], { found, missed, episodes }) => [all + (episodes * found) / (found + missed), of + episodes],
      [0, 0],
    )
    assert.ok(found >= 0.9 * injected, `${found} of ${injected}: ${JSON.stringify(judged.kinds)}`)
  })

  it('give nine of ten of their names rightly', () => {
    const right = judged.kinds.reduce((sum, { found }) => sum + found, 0)
    const wrong = judged.kinds.reduce((sum, kind) => sum + kind.wrong, 0)
    assert.ok(right >= 0.9 * (right + wrong), `${wrong} wrong: ${JSON.stringify(judged.wronglyCalled)}`)
  })

  it('find within the hour what stops a plant, and within a fortnight what creeps', () => {
    const medianHours = (kind: string) => judged.kinds.find((one) => one.kind === kind)!.delayHours!.median
    for (const kind of ['string_open', 'stuck_sensor', 'out_of_range']) assert.ok(medianHours(kind) <= 14, kind)
    assert.ok(medianHours('soiling') <= 14 * 24, `${medianHours('soiling')} h`)
  })

  it('raise less than one false alarm in ten panel-months', () => {
    assert.ok(judged.falseAlarms.perPanelMonth < 0.1, alarms(judged))
  })

  for (const [what, odd] of [
    ['nothing at all', {}],
    ['panels under snow for whole days', { coveredDays: [5, 6, 14] }],
    ['missing sensors and hours of silence', { missingSensors: true }],
  ] as const satisfies readonly (readonly [string, YearOptions])[])
    it(`raise no false alarm over ${what}`, () => {
      const quiet = judgement([22], { ...orderly, ...odd })
      assert.equal(quiet.falseAlarms.count, 0, alarms(quiet))
    })

  for (const [what, panels, odd] of [
    ['the whole plant is two hours ahead', 12, { clockAheadMinutes: 120 }],
    ['two panels are an hour behind', 2, { clockAheadMinutes: -60, wrongClockPanels: [3, 8] }],
  ] as const satisfies readonly (readonly [string, number, YearOptions])[])
    it(`say of the clock that it is wrong where that of ${what}, and nothing else`, () => {
      const { falseAlarms } = judgement([22], { ...orderly, ...odd })
      assert.ok((falseAlarms.byName.clock ?? 0) >= panels, JSON.stringify(falseAlarms))
      assert.ok(falseAlarms.count <= 2 * panels, JSON.stringify(falseAlarms))
      assert.deepEqual(Object.keys(falseAlarms.byName), ['clock'])
    })
})
