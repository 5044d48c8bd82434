import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DerTelemetry, MeterReading, PanelReading } from '../../../platform/wire/payloads.ts'
import { exampleBody } from './field.fixture.ts'
import { departureContradiction, derContradiction, meterContradiction, panelContradiction } from './plausibility.ts'

const der = (p_actual_kw: number, p_max_kw: number) =>
  exampleBody('der', 'pv-generating', { p_actual_kw, p_max_kw }) as DerTelemetry
const panel = (voltage_volts: number, current_amperes: number, power_output_watts: number) =>
  exampleBody('panel', 'generating', { voltage_volts, current_amperes, power_output_watts }) as PanelReading
const meter = (changes: Partial<MeterReading>) =>
  ({ ...exampleBody('meter', 'one-phase', { va_v: 100, ia_a: 10 }), ...changes }) as MeterReading

describe('a DER', () => {
  for (const [kw, ratedKw, sound] of [
    [5, 5, true],
    [6.1, 5, true],
    [-6.1, 5, true],
    [6.11, 5, false],
    [-6.11, 5, false],
    [0.1, 0, true],
    [0.11, 0, false],
    [5_000, 5, false],
  ] as const) {
    it(`of ${ratedKw} kW ${sound ? 'can' : 'cannot'} have ${kw} kW`, () => {
      const contradiction = derContradiction(der(kw, ratedKw))
      if (sound) assert.equal(contradiction, undefined)
      else assert.equal(contradiction, `p_actual_kw ${kw} is beyond 1.2 × p_max_kw ${ratedKw}`)
    })
  }
})

describe('the departure that a charge point was told', () => {
  const at = Date.UTC(2026, 10, 21, 12)
  const day = 86_400_000

  for (const [written, departsAt, said] of [
    [undefined, undefined, undefined],
    ['in an hour', at + 3_600_000, undefined],
    ['an hour ago: it is late', at - 3_600_000, undefined],
    ['in 30 days', at + 30 * day, undefined],
    ['in 31 days', at + 31 * day, 'departs_at "in 31 days" is more than 30 days from timestamp'],
    [1_795_262_400, 1_795_262_400, 'departs_at 1795262400 is more than 30 days from timestamp'],
    ['17:30', undefined, 'departs_at "17:30" is no instant: ISO 8601 with offset, or epoch ms'],
  ] as const)
    it(`${written ?? 'none'}: ${said ?? 'can be'}`, () =>
      assert.equal(departureContradiction(written, departsAt, at), said))
})

describe('a panel', () => {
  for (const [volts, amperes, watts, sound] of [
    [48.2, 8.5, 409.7, true],
    [40, 10, 445, true],
    [40, 10, 445.1, false],
    [0, 0, 5, true],
    [0, 0, 5.1, false],
    [40, 10, 0, true],
  ] as const) {
    it(`at ${volts} V and ${amperes} A ${sound ? 'can' : 'cannot'} generate ${watts} W`, () => {
      const contradiction = panelContradiction(panel(volts, amperes, watts))
      assert.equal(contradiction === undefined, sound, contradiction)
      if (!sound) assert.match(contradiction!, /power_output_watts.*voltage_volts.*current_amperes/)
    })
  }
})

describe('a meter', () => {
  for (const [what, changes, sound] of [
    ['1.3 kW of 1 kVA', { p_kw: 1.3 }, true],
    ['1.31 kW of 1 kVA', { p_kw: 1.31 }, false],
    ['an export of 1.31 kW of 1 kVA', { p_kw: -1.31 }, false],
    ['kilowatts that are watts', { p_kw: 880 }, false],
    ['no power', { p_kw: undefined }, true],
    ['a phase without a current, whatever the power', { p_kw: 880, vb_v: 100 }, true],
    ['a current without its phase, which does not count', { p_kw: 2.2, ib_a: 100 }, false],
    ['2 kVA on two phases', { p_kw: 2.2, vb_v: 100, ib_a: 10 }, true],
    ['no phase but a power', { p_kw: 0.11, va_v: null }, false],
  ] as const) {
    it(`with ${what} is ${sound ? 'believed' : 'not believed'}`, () => {
      const contradiction = meterContradiction(meter(changes as Partial<MeterReading>))
      assert.equal(contradiction === undefined, sound, contradiction)
      if (!sound) assert.match(contradiction!, /^p_kw .* kVA$/)
    })
  }

  it('at any power factor is believed (property)', () => {
    const factor = fc.double({ min: -1, max: 1, noNaN: true })
    const volts = fc.double({ min: 0, max: 20_000, noNaN: true })
    const amperes = fc.double({ min: 0, max: 2_000, noNaN: true })
    fc.assert(
      fc.property(factor, volts, amperes, (cosPhi, va_v, ia_a) => {
        assert.equal(meterContradiction(meter({ va_v, ia_a, p_kw: (va_v * ia_a * cosPhi) / 1_000 })), undefined)
      }),
    )
  })
})
