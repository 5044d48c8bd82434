import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { DerTelemetry, MeterReading } from '../../platform/wire/payloads.ts'
import type { FieldMessage } from '../field-message.ts'
import { RecordedLike } from './arrivals.ts'
import { Town } from './town.ts'
import { townOf } from './town-plan.ts'

const start = Date.parse('2026-11-23T18:30:00-03:00')
const plan = townOf(40)
const townAt = (begin = start, seed = 1) =>
  new Town(plan, {
    arrivals: new RecordedLike(seed),
    seed,
    start: begin,
    intervalMs: 10_000,
    weather: 'passing_clouds',
  })
const every = { ev: plan.chargePoints, battery: plan.batteries, pv: plan.plants }

function run(town: Town, from: number, steps: number): FieldMessage[] {
  const messages: FieldMessage[] = []
  for (let count = 0; count < steps; count++) messages.push(...town.step(from + count * 10_000))
  return messages
}
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)

describe('the town in motion', () => {
  const checks = new Ajv()
  const isDer = checks.compile(DerTelemetry)
  const isMeter = checks.compile(MeterReading)

  it('speaks the contract: every message is one of a device of its plan', () => {
    const messages = run(townAt(), start, 60)
    for (const { kind, payload } of messages)
      assert.ok((kind === 'meter' ? isMeter : isDer)(payload), JSON.stringify([payload, isDer.errors, isMeter.errors]))
    const heard = new Set(messages.map(({ deviceId }) => deviceId))
    for (const { id } of Object.values(every).flat()) assert.ok(heard.has(id), id)
    for (const { headMeterId } of plan.feeders) assert.ok(heard.has(headMeterId))
  })

  it('of each feeder tells at its head what flows in it and in all below it, by line', () => {
    const town = townAt()
    const messages = run(town, start, 30)
    for (const { id, headMeterId } of plan.feeders) {
      const { totalKw, byLineKw } = town.heads.get(id)!
      const told = messages.findLast(({ deviceId }) => deviceId === headMeterId)!.payload as MeterReading
      assert.ok(Math.abs(told.p_kw! - totalKw) < 1e-3)
      assert.ok(Math.abs(sum(byLineKw) - totalKw) < 1e-9)
      // Volts and amperes carry the power of the line and its reactive power.
      for (const [kw, volts, amperes] of [
        [byLineKw[0], told.va_v!, told.ia_a!],
        [byLineKw[1], told.vb_v!, told.ib_a!],
        [byLineKw[2], told.vc_v!, told.ic_a!],
      ] as const)
        assert.ok(Math.abs((volts * amperes) / 1000 - Math.abs(kw) / 0.95) < 0.01)
    }
    const [root, middle, hillside] = plan.feeders.map(({ id }) => town.heads.get(id)!.totalKw)
    assert.ok(root! > middle! && middle! > hillside! && hillside! > 0)
  })

  it('is byte for byte the same with the same seed, and another with another', () => {
    const of = (seed: number) => JSON.stringify(run(townAt(start, seed), start, 12))
    assert.equal(of(4), of(4))
    assert.notEqual(of(4), of(5))
  })

  it('follows setpoints at once, falls back when they expire, and runs free again once it is released', () => {
    const town = townAt()
    run(town, start, 30)
    const before = town.heads.get('town-00')!.totalKw
    const steered = plan.chargePoints.map(({ id }) => id)
    for (const id of steered) town.control(id, { kw: 1.32, expiresAt: start + 400_000 }, start)
    run(town, start + 300_000, 1)
    const limited = town.heads.get('town-00')!.totalKw
    assert.ok(limited < before - 5, `${before} -> ${limited}`)
    assert.deepEqual(town.atFallback, [])
    run(town, start + 400_000, 1)
    assert.equal(town.atFallback.length, steered.length)
    assert.ok(town.heads.get('town-00')!.totalKw < limited)
    // The platform tidies up what has run out: no reason to take more.
    for (const id of steered) town.control(id, undefined, start + 401_000)
    assert.equal(town.atFallback.length, steered.length)
    for (const id of steered) town.control(id, { kw: 1.32, expiresAt: start + 700_000 }, start + 402_000)
    for (const id of steered) town.control(id, undefined, start + 405_000)
    run(town, start + 410_000, 12)
    assert.deepEqual(town.atFallback, [])
    assert.ok(town.heads.get('town-00')!.totalKw > limited)
  })

  it('empties batteries and curtails PV as they are told', () => {
    const noon = Date.parse('2026-11-23T12:00:00-03:00')
    const town = townAt(noon)
    run(town, noon, 1)
    const [battery, plant] = [plan.batteries[0]!, plan.plants[0]!]
    town.control(battery.id, { kw: -4 }, noon)
    town.control(plant.id, { kw: 0.5 }, noon)
    const last = (messages: readonly FieldMessage[], id: string) =>
      (messages.findLast(({ deviceId }) => deviceId === id)!.payload as DerTelemetry).p_actual_kw
    const messages = run(town, noon + 10_000, 7)
    assert.ok(Math.abs(last(messages, battery.id) + 4) < 0.1)
    assert.equal(town.powerKw(battery.id), -4)
    assert.throws(() => town.powerKw('pv-001'), RangeError)
    assert.equal(last(messages, plant.id) <= 0.5, true)
  })

  it('tells at once what has changed by much, and the rest every minute', () => {
    const town = townAt()
    run(town, start, 12)
    const calm = run(town, start + 120_000, 1).filter(({ kind }) => kind === 'der')
    assert.ok(calm.length < 30, `${calm.length} of ${Object.values(every).flat().length} in a step`)
    for (const { id } of plan.chargePoints) town.control(id, { kw: 0 }, start + 125_000)
    const drawing = run(town, start + 130_000, 1).filter(
      ({ payload }) => (payload as DerTelemetry).p_setpoint_kw === 0 && (payload as DerTelemetry).plugged_in,
    )
    assert.ok(drawing.length >= 3, `${drawing.length}`)
  })

  it('counts what cars wanted and got', () => {
    const town = townAt()
    run(town, start, 2 * 360)
    const free = town.charged
    assert.ok(
      free.sessions > 0 && free.deliveredKwh <= free.requestedKwh && free.deliveredKwh > 0.8 * free.requestedKwh,
    )
  })

  it('does not go back in time', () => {
    const town = townAt()
    town.step(start)
    assert.throws(() => town.step(start), RangeError)
  })
})
