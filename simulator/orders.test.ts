import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import type { DerTelemetry, PanelReading } from '../platform/wire/payloads.ts'
import {
  type Fault,
  faultNames,
  mostInjectedFaults,
  sentenceOf,
  type SimulationOrder,
  Simulator,
} from '../platform/wire/simulation.ts'
import { Faults, type SentMessage } from './faults.ts'
import { defaultSize, fieldOf } from './field.ts'
import type { FieldMessage } from './field-message.ts'
import { carryOut, simulatorOf } from './orders.ts'
import { Simulation } from './simulation.ts'

/** Noon in the field. */
const START = Date.UTC(2026, 0, 15, 15)
const STEP_MS = 10_000
const isSimulator = new Ajv({ strict: false }).compile(Simulator)

/** A field, and what it sends step by step while it is told what to do. */
class Played {
  readonly settings = { field: fieldOf(defaultSize), scenario: 'evening-peak', simulatedSpeed: undefined, start: START }
  readonly simulation: Simulation
  readonly faults: Faults
  readonly obedience = { effects: { 'sw-001': 3 } }
  #at = START - STEP_MS

  constructor(seed = 1) {
    this.simulation = new Simulation(this.settings.field, seed, START, STEP_MS)
    this.faults = new Faults(seed, [])
  }

  order<Order extends SimulationOrder>(action: Order['action'], parameters: object = {}): string | undefined {
    const refusal = carryOut({ action, parameters } as SimulationOrder, this)
    return refusal && sentenceOf(refusal)
  }

  step(steps = 1): FieldMessage[] {
    const messages: FieldMessage[] = []
    for (let step = 0; step < steps; step++) messages.push(...this.simulation.step((this.#at += STEP_MS)))
    return messages
  }

  sent(): SentMessage[] {
    return this.faults.apply(this.step(), this.#at)
  }

  get simulator(): Simulator {
    const simulator = simulatorOf(this)
    assert.ok(isSimulator(simulator), JSON.stringify(isSimulator.errors))
    return simulator
  }
}

const der = (messages: readonly FieldMessage[], id: string): DerTelemetry =>
  messages.find(({ deviceId, kind }) => deviceId === id && kind === 'der')?.payload as DerTelemetry
const panelWatts = (messages: readonly FieldMessage[]): number =>
  messages.reduce(
    (sum, { kind, payload }) => sum + (kind === 'panel' ? (payload as PanelReading).power_output_watts : 0),
    0,
  )

describe('the state of the simulator', () => {
  it('says what it is and does', () => {
    const { at, cloudCoverPct, ...simulator } = new Played().simulator
    assert.equal(at, '2026-01-15T15:00:00.000Z')
    assert.ok(cloudCoverPct >= 0 && cloudCoverPct <= 100)
    assert.deepEqual(simulator, {
      scenario: 'evening-peak',
      running: true,
      speed: 1,
      devices: { pv: 1, battery: 1, ev: 4, panel: 10, meter: 20, switch: 2 },
      clouds: null,
      faults: [],
      effects: { 'sw-001': 3 },
    })
  })
})

const order = fc.oneof(
  fc.constantFrom('start', 'stop', 'clear_clouds', 'clear_faults').map((action) => ({ action, parameters: {} })),
  fc.record({
    action: fc.constant('set_clouds'),
    parameters: fc.record({ coverPct: fc.integer({ min: 0, max: 100 }) }),
  }),
  fc.record({ action: fc.constant('set_soc'), parameters: fc.record({ soc: fc.constantFrom(0, 0.4, 1) }) }),
  fc.record({
    action: fc.constant('inject_fault'),
    parameters: fc.record({
      kind: fc.constantFrom(...faultNames),
      percent: fc.integer({ min: 1, max: 100 }),
      count: fc.integer({ min: 1, max: 50 }),
    }),
  }),
) as fc.Arbitrary<SimulationOrder>

describe('orders', () => {
  it('the same between the same steps give the same messages, and a state that is one (property)', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.tuple(order, fc.integer({ min: 0, max: 5 })), { maxLength: 12 }),
        (seed, orders) => {
          const [one, other] = [new Played(seed), new Played(seed)].map((played) =>
            orders.map(([{ action, parameters }, steps]) => {
              assert.equal(played.order(action, parameters), undefined)
              return [played.simulator, Array.from({ length: steps }, () => played.sent())]
            }),
          )
          assert.equal(JSON.stringify(one), JSON.stringify(other))
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('clouds', () => {
  it('take the sun from PV, panels and the irradiance they tell, and leave when their time is over', () => {
    const played = new Played()
    assert.equal(played.order('set_clouds', { coverPct: 0, forMinutes: 60 }), undefined)
    const sunny = played.step(120)
    assert.equal(played.order('set_clouds', { coverPct: 100, forMinutes: 30 }), undefined)
    const dull = played.step(60).slice(-200)
    const [before, after] = [der(sunny.slice(-200), 'pv-001'), der(dull, 'pv-001')]
    assert.deepEqual([before.cloud_cover_pct, after.cloud_cover_pct], [0, 100])
    assert.ok(after.shortwave_radiation_wm2! < 0.27 * before.shortwave_radiation_wm2!)
    assert.ok(after.p_actual_kw < 0.35 * before.p_actual_kw)
    assert.ok(panelWatts(dull) < 0.4 * panelWatts(sunny.slice(-200)))
    assert.deepEqual(played.simulator.clouds, { coverPct: 100, until: '2026-01-15T15:49:50.000Z' })
    assert.equal(played.simulator.cloudCoverPct, 100)
    played.step(121)
    assert.equal(played.simulator.clouds, null)
  })

  it('leave everything as it would have been without them (property)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 100 }), (seed, coverPct) => {
        const [touched, alone] = [new Played(seed), new Played(seed)]
        touched.order('set_clouds', { coverPct, forMinutes: 1 })
        touched.step(7)
        alone.step(7)
        const [one, other] = [touched.step(), alone.step()].map((messages) => der(messages, 'pv-001'))
        assert.deepEqual(one, other)
      }),
      { numRuns: 20 },
    )
  })

  it('last a quarter of an hour unless told otherwise, and go when they are told to', () => {
    const played = new Played()
    played.order('set_clouds', { coverPct: 50 })
    assert.equal(played.simulator.clouds?.until, '2026-01-15T15:15:00.000Z')
    played.order('clear_clouds')
    assert.equal(played.simulator.clouds, null)
  })
})

describe('a state of charge', () => {
  it('is there with the next reading, and stays within what the battery may do (property)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (soc) => {
        const played = new Played()
        assert.equal(played.order('set_soc', { deviceId: 'bat-001', soc }), undefined)
        const shown = der(played.step(), 'bat-001').soc!
        assert.ok(Math.abs(shown - soc) < 0.002, `${shown}`)
        const later = der(played.step(), 'bat-001')
        if (soc <= 0.1) assert.ok(later.p_actual_kw >= 0, 'an empty battery gives nothing')
        if (soc >= 0.95) assert.ok(later.p_actual_kw <= 0, 'a full battery takes nothing')
      }),
    )
  })

  it('is of all batteries where none is named', () => {
    const played = new Played()
    played.order('set_soc', { soc: 0.33 })
    assert.ok(Math.abs(der(played.step(), 'bat-001').soc! - 0.33) < 0.002)
  })

  it('is refused to what is no battery', () => {
    for (const deviceId of ['ev-001', 'nobody'])
      assert.equal(
        new Played().order('set_soc', { deviceId, soc: 0.5 }),
        `deviceId is "${deviceId}": it must name a battery of the simulator: bat-001`,
      )
  })
})

describe('stop and start', () => {
  it('all go offline and are silent; then all are back at once, as if they had never been gone', () => {
    const [played, alone] = [new Played(), new Played()]
    const statuses = (messages: FieldMessage[]) =>
      messages.flatMap(({ kind, payload }) => (kind === 'status' ? [(payload as { status: string }).status] : []))
    played.step(3)
    played.order('stop')
    assert.equal(played.simulator.running, false)
    const stopping = played.step()
    assert.deepEqual([stopping.length, statuses(stopping)], [38, Array(38).fill('offline')])
    assert.equal(played.simulation.isHeard('pv-001'), false)
    assert.deepEqual(played.step(10), [])
    played.order('start')
    const back = played.step()
    assert.deepEqual(statuses(back), Array(38).fill('online'))
    alone.step(14)
    assert.deepEqual(der(back, 'pv-001'), der(alone.step(), 'pv-001'))
    const readings = new Set(back.filter(({ kind }) => kind !== 'status').map(({ deviceId }) => deviceId))
    // meters of businesses tell only of whole minutes
    assert.equal(readings.size, 38 - 4)
  })

  it('twice is as good as once', () => {
    const played = new Played()
    played.step()
    played.order('stop')
    played.order('stop')
    played.step()
    played.order('start')
    played.order('start')
    assert.ok(played.step().length > 38)
    assert.ok(played.step().length < 38)
  })
})

describe('an injected fault', () => {
  it('is in force and told until it is cleared', () => {
    const played = new Played()
    played.step(2)
    assert.equal(played.order('inject_fault', { kind: 'silent', deviceId: 'ev-001', forMinutes: 2 }), undefined)
    assert.equal(played.order('inject_fault', { kind: 'late', percent: 12.5, count: 3 }), undefined)
    const since = '2026-01-15T15:00:10.000Z'
    assert.deepEqual(played.simulator.faults, [
      { kind: 'late', deviceId: null, percent: 12.5, since, until: null, remaining: 3 },
      { kind: 'silent', deviceId: 'ev-001', percent: 100, since, until: '2026-01-15T15:02:10.000Z', remaining: null },
    ])
    assert.equal(
      played.sent().some(({ deviceId }) => deviceId === 'ev-001'),
      false,
    )
    played.order('clear_faults')
    assert.deepEqual(played.simulator.faults, [])
    assert.ok(played.sent().some(({ deviceId }) => deviceId === 'ev-001'))
  })

  for (const [fault, refusal] of [
    [{ kind: 'late', deviceId: 'nobody' }, 'deviceId is "nobody": it must name a device of the simulator'],
    [
      { kind: 'late', deviceId: 'sw-001' },
      'deviceId is "sw-001": it must name a DER, a panel or a meter: no switch has late',
    ],
    [
      { kind: 'silent', deviceId: 'ev-001', percent: 50 },
      'percent is 50: it must be left out beside deviceId: with silent it is a share of devices',
    ],
    [
      { kind: 'malformed', holdMinutes: 5 },
      'holdMinutes is 5: it must be left out: malformed readings are not held back, late ones are',
    ],
  ] as const satisfies [Fault, string][]) {
    it(`is refused: ${refusal}`, () => {
      const played = new Played()
      assert.equal(played.order('inject_fault', fault), refusal)
      assert.deepEqual(played.simulator.faults, [])
    })
  }

  it(`is refused beside ${mostInjectedFaults} others, until some of them are over`, () => {
    const played = new Played()
    for (let fault = 0; fault < mostInjectedFaults; fault++)
      assert.equal(
        played.order('inject_fault', { kind: faultNames[fault % faultNames.length], forMinutes: 1 }),
        undefined,
      )
    assert.match(
      played.order('inject_fault', { kind: 'late' })!,
      /^kind is "late": it must wait: 50 faults are in force/,
    )
    played.step(7)
    assert.equal(played.order('inject_fault', { kind: 'late' }), undefined)
  })
})
