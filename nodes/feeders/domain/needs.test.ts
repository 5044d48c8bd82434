import assert from 'node:assert/strict'
import fc from 'fast-check'
import { deficitKwh, needOf } from './needs.ts'
import type { ObservedDevice } from './observed-device.ts'
import { earlier, hourMs, minuteMs, needSettings, noon, observed, reading } from './observed-device.fixture.ts'

const need = (given: Partial<ObservedDevice> = {}, settings = needSettings) =>
  needOf(observed(given), noon, minuteMs, settings)
const weight = (given: Partial<ObservedDevice>, settings = needSettings) => need(given, settings).weight

describe('what a car needs', () => {
  it('is nothing while none is there, and nothing once it has all', () => {
    for (const known of [{ pluggedIn: false }, { energyNeededKwh: 0 }, { soc: 1 }]) {
      const { fromKw, untilKw, wantedKw } = need({ reading: reading(known) })
      assert.deepEqual([fromKw, untilKw, wantedKw], [0, 0, 0])
    }
  })

  it('is all its charger can give, until the last of it', () => {
    assert.equal(need({ reading: reading({ pluggedIn: true, energyNeededKwh: 20 }) }).wantedKw, 7.4)
    assert.equal(need({ reading: reading({ energyNeededKwh: 0.1 }) }).wantedKw, 6)
    // Less than a car can draw for a minute: it stops by itself.
    assert.equal(need({ reading: reading({ energyNeededKwh: 0.001 }) }).wantedKw, 2.286)
  })

  it('is the least where its charger says nothing, and it leaves what it is given', () => {
    const told = { powerKw: 7.4, expiresAt: noon + minuteMs }
    const on = earlier({ switchedAt: noon - 5 * minuteMs })
    const idle = need({ told, share: on, reading: reading({ powerKw: 0.1 }) })
    assert.deepEqual([idle.wantedKw, idle.untilKw], [2.286, 7.4])
    assert.equal(need({ told, share: on, reading: reading({ powerKw: 3 }) }).wantedKw, 7.4)
    // It was switched on just now.
    const fresh = earlier({ switchedAt: noon - minuteMs })
    assert.equal(need({ told, share: fresh, reading: reading() }).wantedKw, 7.4)
  })

  it('weighs more the nearer it has to leave', () => {
    const leaving = (hours: number) =>
      weight({ reading: reading({ energyNeededKwh: 7.4, departsAt: noon + hours * hourMs }) })
    // 7.4 kWh take an hour. On each of three phases: 100,000 with no time to spare, an eighth of it with 15 minutes, 1 with days.
    assert.equal(leaving(1), 300_000)
    assert.equal(leaving(-1), 300_000)
    assert.equal(leaving(1.25), 37_500)
    assert.ok(leaving(10) < leaving(5))
    assert.equal(leaving(100), 3)
    const onOnePhase = { phases: ['A'] as const, reading: reading({ energyNeededKwh: 7.4, departsAt: noon + hourMs }) }
    assert.equal(weight(onOnePhase), 100_000)
  })

  it('weighs, where it does not say when it leaves, as with four hours to spare, less those it went short of', () => {
    const short = (hours: number) => weight({ deficit: { kwh: 7.4 * hours, at: noon } })
    assert.ok(Math.abs(weight({}) - 300_000 / 17 ** 3) < 1e-9)
    assert.ok(Math.abs(short(3) - 300_000 / 5 ** 3) < 1e-9)
    assert.deepEqual([short(4), short(400)], [300_000, 300_000])
  })
})

describe('what a battery needs', () => {
  const battery = (soc: number | null, given: Partial<ObservedDevice> = {}) =>
    need({ kind: 'battery', ratedKw: 5, capacityKwh: 10, reading: reading({ soc }), ...given })

  for (const [soc, fromKw, untilKw, wantedKw] of [
    [0.1, 0, 5, 5],
    [0.2, 0, 5, 5],
    [0.5, -5, 5, 3],
    [0.8, -5, 5, 0],
    [1, -5, 0, 0],
    [null, 0, 5, 0],
  ] as const)
    it(`at ${soc}: ${fromKw} to ${untilKw} kW, and it wants ${wantedKw} kW`, () => {
      const found = battery(soc)
      assert.deepEqual([found.fromKw, found.untilKw], [fromKw, untilKw])
      assert.ok(Math.abs(found.wantedKw - wantedKw) < 1e-9)
    })

  it('is not taken below its reserve within the interval', () => {
    assert.ok(Math.abs(battery(0.201).fromKw + 0.6) < 1e-9)
  })

  it('weighs more the emptier it is, and below its reserve once more', () => {
    const of = (soc: number) => battery(soc).weight
    assert.ok(Math.abs(of(0.3) / of(0.9) - 1.5) < 1e-9)
    assert.ok(Math.abs(of(0.1) / of(0.9) - 1.8) < 1e-9)
  })
})

describe('what a PV gives', () => {
  const pv = (given: Partial<ObservedDevice>) => need({ kind: 'pv', ratedKw: 8, ...given })
  const told = (powerKw: number) => ({ powerKw, expiresAt: noon + minuteMs })

  it('is what it gives now, and never more than its rating', () => {
    assert.deepEqual([pv({ reading: reading({ powerKw: -3 }) }).fromKw, pv({ reading: null }).fromKw], [-3, 0])
    assert.equal(pv({ reading: reading({ powerKw: -9 }) }).fromKw, -8)
    assert.equal(pv({ reading: reading({ powerKw: 0.2 }) }).untilKw, 0)
  })

  it('is, of one that is curtailed, what the weather allows', () => {
    const curtailed = { told: told(-2), reading: reading({ powerKw: -2, expectedKw: 6 }) }
    assert.equal(pv(curtailed).fromKw, -6)
  })

  it('is, where nobody knows the weather, a little more each time', () => {
    assert.equal(pv({ told: told(-2), reading: reading({ powerKw: -2 }) }).fromKw, -2.8)
    // It gives less than it may: that is all there is.
    assert.equal(pv({ told: told(-6), reading: reading({ powerKw: -2 }) }).fromKw, -2)
  })
})

describe('weights', () => {
  it('grow with priority, where that is respected', () => {
    const of = (priority: number | null, respectPriority = true) =>
      weight({ kind: 'pv', priority }, { ...needSettings, respectPriority })
    assert.deepEqual([of(null), of(0), of(50), of(100)], [1, 1, 3, 5])
    assert.equal(of(100, false), 1)
  })

  it('of a battery grow with what was not delivered, as if eight hours less of that were to spare, and forget it', () => {
    const of = (kwh: number, agoMs = 0) => weight({ kind: 'battery', deficit: { kwh, at: noon - agoMs } })
    assert.ok(Math.abs(of(0) - 100_000 / 33 ** 3) < 1e-9)
    assert.ok(Math.abs(of(7.4 * 7) - 100_000 / 5 ** 3) < 1e-9)
    assert.deepEqual([of(7.4 * 8), of(740)], [100_000, 100_000])
    assert.ok(Math.abs(of(7.4 * 14, 6 * hourMs) - of(7.4 * 7)) < 1e-9)
  })

  it('of a PV grow with what it could not feed in, up to three hours of it, and forget it', () => {
    const of = (kwh: number, agoMs = 0) => weight({ kind: 'pv', deficit: { kwh, at: noon - agoMs } })
    assert.deepEqual([of(0), of(7.4), of(740)], [1, 2, 4])
    assert.ok(Math.abs(of(7.4, 6 * hourMs) - 1.5) < 1e-9)
  })

  it('are above 0, and bounds hold what is wanted, whatever is known (property)', () => {
    const maybe = (arbitrary: fc.Arbitrary<number>) => fc.option(arbitrary)
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom('ev', 'battery', 'pv'),
          ratedKw: fc.double({ min: 0, max: 500, noNaN: true }),
          soc: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
          powerKw: maybe(fc.double({ min: -500, max: 500, noNaN: true })),
          needed: maybe(fc.double({ min: 0, max: 200, noNaN: true })),
          leaves: maybe(fc.integer({ min: -1e8, max: 1e8 })),
          told: maybe(fc.double({ min: -500, max: 500, noNaN: true })),
          deficit: fc.double({ min: 0, max: 1e4, noNaN: true }),
        }),
        ({ kind, ratedKw, soc, powerKw, needed, leaves, told, deficit }) => {
          const found = need({
            ...{ kind: kind as ObservedDevice['kind'], ratedKw, deficit: { kwh: deficit, at: noon - hourMs } },
            told: told === null ? null : { powerKw: told, expiresAt: noon + 1 },
            reading: reading({
              soc,
              powerKw,
              energyNeededKwh: needed,
              departsAt: leaves === null ? null : noon + leaves,
            }),
          })
          assert.ok(found.weight >= 1 && found.weight <= 2e6)
          assert.ok(found.fromKw <= found.wantedKw && found.wantedKw <= found.untilKw)
          assert.ok(found.fromKw >= -ratedKw && found.untilKw <= ratedKw)
          if (kind === 'ev') assert.ok(found.fromKw === 0)
          if (kind === 'pv') assert.ok(found.untilKw === 0)
        },
      ),
    )
  })
})

describe('what a device went short of', () => {
  it('is what it did not get since, and half of what it lacked six hours ago', () => {
    const since = observed({ deficit: { kwh: 8, at: noon - 6 * hourMs }, share: earlier({ deficitKw: 3 }) })
    assert.ok(Math.abs(deficitKwh(since, noon, minuteMs) - (4 + 3 / 60)) < 1e-9)
  })

  it('does not grow without end while nobody made rounds', () => {
    const share = earlier({ at: noon - 100 * hourMs, deficitKw: 60 })
    assert.equal(deficitKwh(observed({ share }), noon, minuteMs), 3)
    assert.equal(deficitKwh(observed(), noon, minuteMs), 0)
  })
})
