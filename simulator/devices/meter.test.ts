import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import { defaultSize, fieldOf } from '../field.ts'
import { dailyCurve, firstMeter, meterPayload, stepMeter, type MeterInputs, type MeterSpec } from './meter.ts'

const [home, business] = ['meter-003', 'meter-010'].map((id) =>
  fieldOf(defaultSize).meters.find((meter) => meter.id === id)!,
) as [MeterSpec, MeterSpec]
const given = (inputs: Partial<MeterInputs>): MeterInputs => ({
  at: 1000,
  localHour: 19,
  resourcesKw: 0,
  feederLoading: 0.5,
  loadFactor: 1,
  voltageFactor: () => 1,
  powered: true,
  connected: true,
  frequencyHz: 60,
  draw: drawOf(1, 'meter'),
  ...inputs,
})
const after = (spec: MeterSpec, inputs: Partial<MeterInputs>) =>
  stepMeter(spec, firstMeter(spec, 0, drawOf(1, 'meter')), given(inputs), 1)

describe('the meter', () => {
  it('a home peaks in the evening, a business by day, both without jumps', () => {
    assert.equal(dailyCurve('home', 19), 1)
    assert.ok(dailyCurve('home', 3) < 0.35 && dailyCurve('business', 3) < 0.25)
    assert.equal(dailyCurve('business', 14.5), 1)
    for (let hour = 0; hour < 24; hour += 0.01) {
      assert.ok(Math.abs(dailyCurve('home', hour) - dailyCurve('home', (hour + 0.01) % 24)) < 0.01)
    }
  })

  it('sees less voltage the more its feeder carries', () => {
    const volts = [-0.5, 0, 0.5, 1, 1.5].map((feederLoading) => after(home, { feederLoading }).phases[0]!.volts)
    assert.deepEqual(
      volts,
      [...volts].sort((a, b) => b - a),
    )
  })

  it('reports absent phases as null, and export as negative power', () => {
    const reading = meterPayload(home, after(home, { resourcesKw: -9 }), true)!
    assert.deepEqual([reading.vb_v, reading.vc_v, reading.ib_a, reading.ic_a], [null, null, null, null])
    assert.ok(reading.p_kw! < -5 && reading.ia_a! > 0)
  })

  it('gives the effective values of a whole interval, and none of one it has not seen whole', () => {
    let state = firstMeter(business, 29_000, drawOf(1, 'meter'))
    const volts: number[] = []
    const sent = []
    for (let second = 30; second <= 180; second++) {
      state = stepMeter(business, state, given({ at: second * 1000, draw: drawOf(second, 'meter') }), 1)
      if (second > 120) volts.push(state.phases[0]!.volts)
      const payload = meterPayload(business, state, false)
      if (payload) sent.push(payload)
    }
    assert.deepEqual(
      sent.map(({ timestamp, interval_s }) => [timestamp, interval_s]),
      [
        ['1970-01-01T00:02:00.000Z', 60],
        ['1970-01-01T00:03:00.000Z', 60],
      ],
    )
    const effective = Math.sqrt(volts.reduce((sum, v) => sum + v * v, 0) / volts.length)
    assert.ok(Math.abs(sent[1]!.va_v! - effective) < 0.01)
  })

  it('says where its contact stands, as of the end of what it measured', () => {
    assert.equal(meterPayload(home, after(home, {}), true)?.contact, 'closed')
    assert.equal(meterPayload(home, after(home, { connected: false }), true)?.contact, 'open')
    let state = firstMeter(business, 0, drawOf(1, 'meter'))
    for (let second = 1; second <= 120; second++)
      state = stepMeter(business, state, given({ at: second * 1000, connected: second < 110 }), 1)
    const reading = meterPayload(business, state, false)!
    assert.ok(reading.ia_a! > 0)
    assert.equal(reading.contact, 'open')
  })

  it('reports as an instrument each minute, flicker every ten minutes, and as any other meter nothing of it', () => {
    const sent = [business, { ...business, instrument: false }].map((spec) => {
      let state = firstMeter(spec, 0, drawOf(1, 'meter'))
      const payloads = []
      for (let second = 1; second <= 1_200; second++) {
        state = stepMeter(spec, state, given({ at: second * 1000, draw: drawOf(second, 'meter') }), 1)
        const payload = meterPayload(spec, state, false)
        if (payload) payloads.push(payload)
      }
      return payloads
    })
    const [instrument, plain] = sent
    assert.ok(business.instrument && instrument!.length > 15 && instrument!.length === plain!.length)
    for (const { unbalance_pct, dtt_c_pct } of instrument!) assert.ok(unbalance_pct! >= 0 && dtt_c_pct! > 0)
    assert.deepEqual(
      instrument!.flatMap(({ timestamp, pst_a_pu }) => (pst_a_pu === undefined ? [] : [timestamp])),
      ['1970-01-01T00:10:00.000Z', '1970-01-01T00:20:00.000Z'],
    )
    for (const payload of plain!) assert.ok(!('unbalance_pct' in payload) && !('pst_a_pu' in payload))
  })

  it('measures what befalls its feeder: load, and voltage', () => {
    const volts = (factor: number) => after(home, { voltageFactor: () => factor }).phases[0]!.volts
    assert.ok(Math.abs(volts(0.8) / volts(1) - 0.8) < 0.001)
    assert.ok(Math.abs(after(home, { loadFactor: 2 }).kw / after(home, {}).kw - 2) < 0.001)
  })

  it('sends no interval during which it was dark', () => {
    let state = firstMeter(business, 0, drawOf(1, 'meter'))
    const sent: string[] = []
    for (let second = 1; second <= 240; second++) {
      state = stepMeter(business, state, given({ at: second * 1000, powered: second !== 90 }), 1)
      const payload = meterPayload(business, state, false)
      if (payload) sent.push(new Date(payload.timestamp).toISOString().slice(14, 19))
    }
    assert.deepEqual(sent, ['03:00', '04:00'])
  })
})
