import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { fieldContract, topicOf } from '../platform/wire/contract.ts'
import type { DerTelemetry, MeterReading, PanelReading } from '../platform/wire/payloads.ts'
import { defaultSize, fieldOf } from './field.ts'
import type { FieldMessage } from './field-message.ts'
import { shippedScenarios, loadScenario } from './scenario-files.ts'
import { Simulation, type Script } from './simulation.ts'

const START = Date.UTC(2026, 0, 15, 3)
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const field = fieldOf(defaultSize)
const ajv = new Ajv()
const schemas = new Map(
  (['der', 'panel', 'meter', 'switch', 'event', 'status'] as const).map((kind) => [
    kind,
    ajv.compile(fieldContract[kind].schema),
  ]),
)

const calm: Script = { weather: 'changing', events: [] }
function* run(seed: number, { start = START, intervalMs = MINUTE, forMs = DAY, of = field, script = calm } = {}) {
  const simulation = new Simulation(of, seed, start, intervalMs, script)
  for (let at = start; at < start + forMs; at += intervalMs) yield simulation.step(at)
}

const all = (seed: number, options = {}): FieldMessage[] => [...run(seed, options)].flat()
const ofKind = <T>(messages: FieldMessage[], kind: FieldMessage['kind']) =>
  messages.filter((message) => message.kind === kind).map(({ payload }) => payload as T)

describe('the simulated field', () => {
  it('sends nothing that the contract refuses, on any day and seed (property)', function () {
    this.timeout(60_000)
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 365 }),
        fc.constantFrom(MINUTE, 5 * MINUTE, 10 * MINUTE),
        (seed, day, intervalMs) => {
          for (const message of all(seed, { start: START + day * DAY, intervalMs })) {
            const validate = schemas.get(message.kind)!
            assert.ok(validate(message.payload), `${message.topic}: ${ajv.errorsText(validate.errors)}`)
            assert.equal(message.topic, topicOf(message.kind, message.deviceId))
            const named = new Map(Object.entries(message.payload)).get(fieldContract[message.kind].idField)
            assert.equal(named, message.deviceId)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  for (const name of shippedScenarios()) {
    it(`sends nothing that the contract refuses in ${name}, and the same again for the same seed (property)`, function () {
      this.timeout(60_000)
      const { weather = 'changing', events = [], fleet = {}, duration_minutes: minutes = 60 } = loadScenario(name)
      const of = fieldOf({ ...defaultSize, ...fleet })
      // What comes again every day has come twice by then; and it is what is sent that is looked at, not how often.
      const forMs = Math.min(minutes * MINUTE, 2 * DAY)
      const options = { of, script: { weather, events }, forMs, intervalMs: Math.max(15_000, forMs / 240) }
      fc.assert(
        fc.property(fc.integer(), fc.integer({ min: 0, max: 365 }), (seed, day) => {
          const messages = all(seed, { ...options, start: START + day * DAY })
          assert.equal(JSON.stringify(messages), JSON.stringify(all(seed, { ...options, start: START + day * DAY })))
          for (const { kind, payload, topic } of messages) {
            const validate = schemas.get(kind)!
            assert.ok(validate(payload), `${topic}: ${ajv.errorsText(validate.errors)}`)
          }
        }),
        { numRuns: 2 },
      )
    })
  }

  it('sends nothing implausible: watts are volts times amperes, power stays within its rating (property)', function () {
    this.timeout(60_000)
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 365 }), (seed, day) => {
        const messages = all(seed, { start: START + day * DAY, intervalMs: 5 * MINUTE })
        for (const panel of ofKind<PanelReading>(messages, 'panel')) {
          assert.ok(Math.abs(panel.power_output_watts - panel.voltage_volts * panel.current_amperes) < 0.006)
          assert.ok(panel.power_output_watts <= 440)
        }
        for (const der of ofKind<DerTelemetry>(messages, 'der')) {
          assert.ok(Math.abs(der.p_actual_kw) <= der.p_max_kw, `${der.deviceId}: ${der.p_actual_kw} kW`)
          if (der.type === 'pv') assert.ok(der.p_actual_kw >= 0)
        }
        for (const meter of ofKind<MeterReading>(messages, 'meter')) {
          const volts = [meter.va_v, meter.vb_v ?? 0, meter.vc_v ?? 0]
          const amperes = [meter.ia_a ?? 0, meter.ib_a ?? 0, meter.ic_a ?? 0]
          const kva = volts.reduce<number>((sum, v, phase) => sum + ((v ?? 0) * amperes[phase]!) / 1000, 0)
          assert.ok(Math.abs(meter.p_kw!) <= kva * 1.02 + 0.005, `${meter.meter_id}: ${meter.p_kw} kW of ${kva} kVA`)
          assert.ok(Math.abs(meter.frequency_hz! - 60) < 0.1)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('is the same, byte for byte, for the same seed and start', () => {
    const options = { intervalMs: 1000, forMs: 300_000 }
    assert.equal(JSON.stringify(all(42, options)), JSON.stringify(all(42, options)))
    assert.notEqual(JSON.stringify(all(42, options)), JSON.stringify(all(43, options)))
  })

  it('leaves a device as it is when others are added', () => {
    const of = fieldOf({ panels: 40, meters: 20, evs: 9 })
    const options = { intervalMs: 1000, forMs: 60_000 }
    const evsOf = (messages: FieldMessage[]) => messages.filter(({ deviceId }) => /^(ev|pv)-00[1-4]$/.test(deviceId))
    assert.deepEqual(evsOf(all(7, { ...options, of })), evsOf(all(7, options)))
  })

  it('is the field of the first slice: 7 kinds of device, 38 in all, two feeders of one parent', () => {
    const first = run(1).next().value as FieldMessage[]
    const ders = ofKind<DerTelemetry>(first, 'der')
    assert.deepEqual(
      ders.map(({ deviceId, p_max_kw, site_id }) => `${deviceId} ${p_max_kw} kW ${site_id}`),
      [
        'pv-001 5 kW house-01',
        'bat-001 4 kW house-01',
        'ev-001 3.7 kW house-02',
        'ev-002 7.4 kW house-05',
        'ev-003 11 kW office-01',
        'ev-004 22 kW mall-01',
      ],
    )
    assert.deepEqual([...new Set(ders.map((der) => der.feeder_id))], ['feeder-01', 'feeder-02'])
    assert.deepEqual([...new Set(ders.map((der) => der.parent_feeder_id))], ['feeder-00'])
    assert.equal(ofKind(first, 'panel').length, 10)
    assert.equal(field.meters.length, 20)
    assert.deepEqual(
      [...new Set(field.meters.map(({ phases }) => phases))].sort((a, b) => a - b),
      [1, 2, 3],
    )
    assert.deepEqual(
      [...new Set(field.meters.map(({ nominalV }) => nominalV))].sort((a, b) => a - b),
      [127, 220],
    )
  })

  it('keeps quiet between the intervals of a meter, and never sends two readings of one instant', () => {
    const seen = new Map<string, number>()
    const messages = all(3, { intervalMs: 1000, forMs: 600_000 })
    for (const { topic, payload } of messages) {
      const key = `${topic} ${(payload as { timestamp: string }).timestamp}`
      assert.ok(!seen.has(key), key)
      seen.set(key, 1)
    }
    const of = (id: string) => ofKind<MeterReading>(messages, 'meter').filter(({ meter_id }) => meter_id === id)
    assert.equal(of('meter-001').length, 120)
    assert.deepEqual(
      of('meter-010').map(({ timestamp, interval_s, aggregation }) => [timestamp, interval_s, aggregation]),
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => [`2026-01-15T03:0${minute}:00.000Z`, 60, 'rms']),
    )
  })

  it('sinks the voltage of a far meter in the evening, below the adequate band now and then', () => {
    const far = ofKind<MeterReading>(all(5, { forMs: 3 * DAY }), 'meter').filter(
      (meter) => meter.meter_id === 'meter-020',
    )
    const at = (hour: number) => {
      const volts = far.filter((meter) => new Date(meter.timestamp).getUTCHours() === hour).map((meter) => meter.va_v!)
      return volts.reduce((sum, v) => sum + v, 0) / volts.length
    }
    assert.ok(at(7) - at(22) > 4, `${at(7)} V at 4 h, ${at(22)} V at 19 h`)
    assert.ok(far.some((meter) => meter.va_v! < 117))
    assert.ok(far.every((meter) => meter.va_v! > 100))
  })

  it('exports through the meter of a sunny house', () => {
    const house = ofKind<MeterReading>(all(1, { forMs: 5 * DAY }), 'meter').filter((m) => m.meter_id === 'meter-001')
    assert.ok(house.some((meter) => meter.p_kw! < -0.5))
    assert.ok(house.some((meter) => meter.p_kw! > 1))
  })

  it('repeats the state of a switch each minute, retained', () => {
    const states = all(1, { intervalMs: 1000, forMs: 181_000 }).filter(({ deviceId }) => deviceId === 'sw-002')
    assert.equal(states.length, 4)
    assert.ok(states.every(({ retain }) => retain))
  })

  it('transfers load once in a while without an interruption, and says each change as an event', () => {
    const messages = all(11, { forMs: 90 * DAY, intervalMs: MINUTE, of: fieldOf({ panels: 0, meters: 0, evs: 0 }) })
    const events = ofKind<{ device_id: string; event_id: string; type: string }>(messages, 'event')
    const story = events.slice(0, 4).map(({ device_id, type }) => `${device_id} ${type}`)
    assert.deepEqual(story, [
      'sw-002 switch_closed',
      'sw-001 switch_opened',
      'sw-001 switch_closed',
      'sw-002 switch_opened',
    ])
    assert.ok(events.length < 120, `${events.length} events in 90 days`)
    assert.equal(new Set(events.map(({ device_id, event_id }) => `${device_id} ${event_id}`)).size, events.length)
  }).timeout(20_000)

  it('follows a setpoint until it expires, then falls back', () => {
    const simulation = new Simulation(field, 1, START, 1000)
    const power = (at: number) => {
      const ev = simulation.step(at).find(({ deviceId }) => deviceId === 'ev-002')!
      return (ev.payload as DerTelemetry).p_actual_kw
    }
    power(START)
    simulation.control('ev-002', { kw: 5, expiresAt: START + 20_000 })
    let kw = 0
    for (let second = 1; second < 20; second++) kw = power(START + second * 1000)
    assert.ok(Math.abs(kw - 5) < 0.1, `${kw} kW`)
    for (let second = 20; second < 30; second++) kw = power(START + second * 1000)
    assert.ok(Math.abs(kw - 1.4) < 0.1, `${kw} kW`)
    assert.deepEqual(simulation.expired(START + 30_000), ['ev-002'])
    assert.deepEqual(simulation.expired(START + 30_000), [])
  })

  it('refuses to go back in time', () => {
    const simulation = new Simulation(field, 1, START, 1000)
    simulation.step(START)
    assert.throws(() => simulation.step(START), RangeError)
  })

  it('is told by setpoints and conditions alone: without a script it is the field of before', () => {
    const options = { intervalMs: 1000, forMs: 60_000 }
    const later = { kind: 'interruption', at_minute: 5, for_minutes: 1, feeder: 'feeder-01' } as const
    assert.deepEqual(all(4, { ...options, script: { ...calm, events: [later] } }), all(4, options))
  })
})

describe('what happens to the simulated field', () => {
  const noon = START + 12 * 60 * MINUTE
  const during = (events: Script['events'], minutes: number, weather: Script['weather'] = 'clear') =>
    [...run(1, { start: noon, intervalMs: 5_000, forMs: minutes * MINUTE, script: { weather, events } })].map(
      (messages, index) => ({ minute: index / 12, messages }),
    )
  const meterVolts = (messages: FieldMessage[], id: string) =>
    ofKind<MeterReading>(messages, 'meter').find((meter) => meter.meter_id === id)?.va_v ?? undefined
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const pvKw = (messages: FieldMessage[]) =>
    ofKind<DerTelemetry>(messages, 'der').find((der) => der.type === 'pv')!.p_actual_kw

  it('an interruption: last gasps, darkness, return', () => {
    const steps = during(
      [{ kind: 'interruption', at_minute: 1, for_minutes: 2, feeder: 'feeder-02', cause: 'tree' }],
      4,
    )
    const events = steps.flatMap(({ minute, messages }) =>
      messages.filter(({ kind }) => kind === 'event').map(({ payload }) => ({ minute, ...payload }) as never),
    ) as { minute: number; device_id: string; type: string; cause?: string }[]
    const of = (type: string) => events.filter((event) => event.type === type)
    assert.deepEqual(
      of('power_lost').map(({ device_id }) => device_id),
      field.meters.filter(({ feederId }) => feederId === 'feeder-02').map(({ id }) => id),
    )
    assert.ok(of('power_lost').every(({ minute, cause }) => minute === 1 && cause === 'tree'))
    assert.ok(of('power_restored').every(({ minute }) => minute === 3))
    assert.equal(of('power_restored').length, 10)
    const dark = steps.filter(({ minute }) => minute >= 1 && minute < 3).flatMap(({ messages }) => messages)
    const heard = new Set(
      dark.filter(({ kind }) => kind !== 'event' && kind !== 'status').map(({ deviceId }) => deviceId),
    )
    const onFeeder = [...field.meters, ...field.evs, ...field.panels].filter(({ feederId }) => feederId === 'feeder-02')
    assert.ok(onFeeder.every(({ id }) => !heard.has(id)))
    assert.ok(heard.has('meter-001') && heard.has('sw-002'))
  })

  /** Who loses supply and has it again, minute by minute, by the ends of the meters' numbers. */
  function losses(name: string, minutes: number): string[] {
    const { events = [], weather = 'clear' } = loadScenario(name)
    const steps = [
      ...run(1, { start: START, forMs: minutes * MINUTE, intervalMs: MINUTE, script: { weather, events } }),
    ]
    return steps.flatMap((messages, minute) =>
      (['power_lost', 'switch_opened', 'switch_closed', 'power_restored'] as const).flatMap((type) => {
        const of = ofKind<{ device_id: string; type: string }>(messages, 'event').filter((event) => event.type === type)
        return of.length === 0
          ? []
          : [`${minute} ${type} ${of.map(({ device_id: id }) => Number(id.slice(-3))).join()}`]
      }),
    )
  }

  it('storm-day: who is dark follows from sources, fuse and switches; the end of feeder-01 goes with whoever feeds it', () => {
    assert.deepEqual(losses('storm-day', 299), [
      '30 power_lost 1,2,3,4,5,6,7,8,9,10',
      '42 switch_opened 1',
      '45 switch_closed 2',
      '45 power_restored 6,7,8,9',
      '70 power_lost 17,18,19,20',
      '95 power_lost 6,7,8,9,11,12,13,14,15,16',
      '130 power_restored 6,7,8,9,11,12,13,14,15,16',
      '140 power_lost 12',
      '142 power_restored 12',
      '180 power_restored 1,2,3,4,5,10',
      '220 power_restored 17,18,19,20',
      '240 switch_closed 1',
      '250 switch_opened 2',
    ])
  })

  it('planned-shutdown: one transformer, within its window', () => {
    assert.deepEqual(losses('planned-shutdown', 209), ['65 power_lost 13,14,15,16', '175 power_restored 13,14,15,16'])
  })

  it('emergency: feeder-02 for 30 hours, its end for 44', () => {
    assert.deepEqual(losses('emergency', 2_879), [
      '60 power_lost 11,12,13,14,15,16,17,18,19,20',
      '200 power_lost 1,2,3,4,5,6,7,8,9,10',
      '245 power_restored 1,2,3,4,5,6,7,8,9,10',
      '1860 power_restored 11,12,13,14,15,16',
      '2700 power_restored 17,18,19,20',
    ])
  })

  it('an overload lowers the voltage of its own feeder', () => {
    const volts = (events: Script['events'], id: string) =>
      mean(during(events, 3).flatMap(({ messages }) => meterVolts(messages, id) ?? []))
    const overload = [
      { kind: 'feeder_overload', at_minute: 0, for_minutes: 3, feeder: 'feeder-01', factor: 2 },
    ] as const
    assert.ok(volts([], 'meter-009') - volts(overload, 'meter-009') > 2)
    assert.equal(volts([], 'meter-020'), volts(overload, 'meter-020'))
  })

  it('low-voltage takes feeder-02 below the adequate band, and feeder-01 tells of its dip', () => {
    const { events = [] } = loadScenario('low-voltage')
    const steps = during(events, 60, 'cloudy')
    const far = steps.map(({ minute, messages }) => ({ minute, volts: meterVolts(messages, 'meter-018') }))
    const between = (from: number, to: number) =>
      far.flatMap(({ minute, volts }) => (minute >= from && minute < to && volts !== undefined ? [volts] : []))
    assert.ok(between(10, 50).every((volts) => volts < 117))
    assert.ok(between(51, 60).every((volts) => volts > 117))
    const dips = steps.flatMap(({ messages }) => ofKind<{ type: string; cause: string }>(messages, 'event'))
    assert.deepEqual(
      [...new Set(dips.map(({ type, cause }) => `${type}: ${cause}`))],
      ['vtcd: voltage down by 30 % for 30 s'],
    )
    assert.equal(dips.length, 10)
  })

  it('a PV trip takes away all generation while the sun shines, and a storm most of it', () => {
    const tripped = during([{ kind: 'pv_trip', at_minute: 1, for_minutes: 1 }], 3)
    assert.ok(tripped.every(({ minute, messages }) => (minute >= 1 && minute < 2) === (pvKw(messages) === 0)))
    const stormy = during([{ kind: 'storm_front', at_minute: 1, for_minutes: 30 }], 16)
    assert.ok(pvKw(stormy.at(-1)!.messages) < 0.4 * pvKw(stormy[0]!.messages))
  })

  it('a switch is moved and moves back, for a reason', () => {
    const switching = { kind: 'switching', at_minute: 1, for_minutes: 1, switch: 'sw-002', position: 'closed' } as const
    const steps = during([{ ...switching, cause: 'restoration' }], 3)
    const said = steps.flatMap(({ minute, messages }) =>
      ofKind<{ type: string; cause: string }>(messages, 'event').map(({ type, cause }) => `${minute} ${type} ${cause}`),
    )
    assert.deepEqual(said, ['1 switch_closed restoration', '2 switch_opened restoration'])
  })

  it('evening-peak loads the feeders by its cars', () => {
    const { events = [], fleet = {}, weather = 'clear' } = loadScenario('evening-peak')
    const of = fieldOf({ ...defaultSize, ...fleet })
    const evening = START + 17 * 60 * MINUTE
    const steps = [
      ...run(1, { start: evening, of, forMs: 100 * MINUTE, intervalMs: 10_000, script: { weather, events } }),
    ]
    const carsKw = steps.map((messages) =>
      ofKind<DerTelemetry>(messages, 'der').reduce((sum, der) => sum + (der.type === 'ev' ? der.p_actual_kw : 0), 0),
    )
    assert.equal(Math.max(...carsKw.slice(0, 30 * 6)), 0)
    assert.ok(carsKw.at(-1)! > 150, `${carsKw.at(-1)} kW`)
  })
})
