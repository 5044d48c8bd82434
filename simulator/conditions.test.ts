import assert from 'node:assert/strict'
import fc from 'fast-check'
import { carArrivals, conditionsAt, endedBetween, isOn } from './conditions.ts'
import { drawOf } from './draw.ts'
import type { ScenarioEvent } from './scenario.ts'

const sag: ScenarioEvent = {
  ...{ kind: 'voltage_sag', at_minute: 10, for_minutes: 5, feeder: 'feeder-01', depth_percent: 20 },
}
const meter = { id: 'meter-001', kind: 'meter', feederId: 'feeder-01' } as const

describe('the conditions of the field', () => {
  it('last from the minute they begin until the minute they end', () => {
    const factor = (minute: number) => conditionsAt([sag], minute).voltageFactor(meter, 0)
    assert.deepEqual([9.99, 10, 14.99, 15].map(factor), [1, 0.8, 0.8, 1])
    assert.equal(conditionsAt([sag], 10).voltageFactor({ id: 'meter-011', feederId: 'feeder-02' }, 0), 1)
  })

  it('come again as often as they say, and end each time', () => {
    const daily: ScenarioEvent = { ...sag, every_minutes: 1440 }
    const on = (minute: number) => isOn(daily, minute)
    assert.deepEqual([9, 10, 15, 1449, 1450, 1454, 1455, 14_410].map(on), [
      ...[false, true, false, false, true, true, false, true],
    ])
    const ended = (before: number, now: number) => endedBetween([daily], before, now).length
    assert.deepEqual(
      [ended(0, 14), ended(14, 15), ended(15, 1454), ended(1454, 1455), ended(1455, 2000)],
      [0, 1, 0, 1, 0],
    )
    const front: ScenarioEvent = { kind: 'storm_front', at_minute: 60, for_minutes: 60, every_minutes: 1440 }
    assert.deepEqual(
      [65, 1505, 1440].map((minute) => conditionsAt([front], minute).storm),
      [0.5, 0.5, 0],
    )
  })

  it('lower the voltage of those meters and phases that they name', () => {
    const named: ScenarioEvent = { ...sag, meters: ['meter-001', 'meter-005'], phases: ['A', 'C'] } as ScenarioEvent
    const factors = (id: string) =>
      [0, 1, 2].map((phase) => conditionsAt([named], 10).voltageFactor({ ...meter, id }, phase))
    assert.deepEqual(
      [factors('meter-001'), factors('meter-002')],
      [
        [0.8, 1, 0.8],
        [1, 1, 1],
      ],
    )
  })

  it('add up', () => {
    const overload = {
      kind: 'feeder_overload',
      at_minute: 0,
      for_minutes: 9,
      feeder: 'feeder-02',
      factor: 1.5,
    } as const
    assert.equal(conditionsAt([overload, overload], 1).loadFactor('feeder-02'), 2.25)
  })

  it('end once, whatever the steps (property)', () => {
    const steps = fc.array(fc.double({ min: 0.01, max: 8, noNaN: true }), { minLength: 60, maxLength: 60 })
    fc.assert(
      fc.property(steps, (lengths) => {
        let ended = 0
        let before = 0
        for (const length of lengths) {
          ended += endedBetween([sag], before, before + length).length
          before += length
        }
        assert.equal(ended, before >= 15 ? 1 : 0)
      }),
    )
  })

  it('a loss of communication concerns whom it names, and all where it names none', () => {
    const loss = { kind: 'communication_loss', at_minute: 0, for_minutes: 1 } as const
    const concerns = (event: Partial<ScenarioEvent>) =>
      conditionsAt([{ ...loss, ...event } as ScenarioEvent], 0).communicationLossOf(meter) !== undefined
    assert.ok(concerns({}) && concerns({ feeder: 'feeder-01' }) && concerns({ kinds: ['meter'] }))
    assert.ok(
      !concerns({ feeder: 'feeder-02' }) && !concerns({ kinds: ['panel'] }) && !concerns({ devices: ['ev-001'] }),
    )
    assert.ok(concerns({ feeder: 'feeder-01', devices: ['meter-001'] }))
  })

  it('a storm front comes and goes without jumps (property)', () => {
    const length = fc.double({ min: 1, max: 300, noNaN: true })
    fc.assert(
      fc.property(length, (minutes) => {
        const front: ScenarioEvent = { kind: 'storm_front', at_minute: 5, for_minutes: minutes }
        const ramp = Math.min(10, minutes / 2)
        for (let minute = 0; minute < minutes + 10; minute += ramp / 20) {
          const [now, next] = [minute, minute + ramp / 20].map((at) => conditionsAt([front], at).storm) as [
            number,
            number,
          ]
          assert.ok(now >= 0 && now <= 1 && Math.abs(next - now) <= 0.06, `${now} → ${next}`)
          assert.ok(isOn(front, minute) || now === 0)
        }
      }),
    )
  })

  it('cars come within their wave, as many as it says', () => {
    const wave = { kind: 'ev_arrivals', at_minute: 30, over_minutes: 60, share_percent: 50 } as const
    const arrivals = Array.from({ length: 400 }, (_, ev) => carArrivals([wave], drawOf(1, `ev-${ev}`))!)
    assert.ok(arrivals.flat().every((minute) => minute >= 30 && minute < 90))
    assert.ok(Math.abs(arrivals.flat().length - 200) < 40)
    assert.equal(carArrivals([sag], drawOf(1, 'ev')), undefined)
  })
})
