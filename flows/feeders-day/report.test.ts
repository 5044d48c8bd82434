import assert from 'node:assert/strict'
import { faultsOf, lineFigures, report, type Day } from './report.ts'

const start = Date.parse('2026-11-23T18:00:00-03:00')
const at = (step: number) => start + step * 10_000
const course = (kwOf: (step: number) => number) =>
  Array.from({ length: 360 }, (_, step) => ({ at: at(step), kw: kwOf(step) }))

/** An hour with a step at a quarter past, after which the feeder is over for `overSteps` of ten seconds. */
const dayWith = (overSteps: number): Day => ({
  ...{
    start,
    end: at(360),
    intervalMs: 10_000,
    controlMs: 60_000,
    refused: 2,
    machineMs: 60_000,
    loopSaid: { ok: 30 },
  },
  courses: new Map([['town-00/total', course((step) => (step < 90 + overSteps ? 100 : 60))]]),
  freeCourses: new Map([['town-00/total', course(() => 100)]]),
  limits: new Map([
    [
      'town-00/total',
      [
        { from: start, limitKw: 120 },
        { from: at(90), to: at(200), limitKw: 70 },
      ],
    ],
    ['town-01/total', []],
  ]),
  actions: [
    { kind: 'event', at: at(90), feederId: 'town-00', limitKw: 70, minutes: 18 },
    { kind: 'kill', at: at(150) },
  ],
  charged: { sessions: 3, requestedKwh: 30, deliveredKwh: 27 },
  freeCharged: { sessions: 3, requestedKwh: 30, deliveredKwh: 30 },
  tracked: { followed: 100, overKw: 1, underKw: 50 },
})

describe('the report of a day of the town', () => {
  it('says of each line with a limit how long it was over it, beside the same with nobody steering', () => {
    const [figures, ...others] = lineFigures(dayWith(4))
    assert.deepEqual(others, [])
    assert.deepEqual([figures!.overMs, figures!.freeOverMs, figures!.count], [40_000, 1_100_000, 1])
    assert.deepEqual(figures!.longest, { from: at(90), to: at(94), mostKw: 30, afterStep: true })
  })

  it('says how it settled after each step, how devices followed, what cars got and how fast time was', () => {
    const text = report(dayWith(4))
    for (const part of [
      '18:15:00 town-00/total event: 70 kW for 18 min: settled after 40 s, over 70 kW for 0.67 control intervals of the ten after it',
      '18:25:00 kill -9 of Node-RED: settled after 0 s',
      '0.0100 kW above and 0.5000 kW below',
      '27 of 30 kWh (90.00 %); not steered 100.00 %',
      'refused by devices: 2',
      'ok 30',
      '1.0 h of the field in 60 s of the machine: 60.0 times as fast',
    ])
      assert.ok(text.includes(part), `${part}\nin\n${text}`)
  })

  it('faults a line that was over for a control interval, and none that was shorter', () => {
    assert.deepEqual(faultsOf(dayWith(5)), [])
    assert.deepEqual(faultsOf(dayWith(6)), [
      'town-00/total was over its limit from 18:15:00 for 60 s, by 30.0 kW at most',
    ])
  })
})
