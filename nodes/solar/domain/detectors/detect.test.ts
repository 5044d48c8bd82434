import assert from 'node:assert/strict'
import fc from 'fast-check'
import { detect } from './detect.ts'
import { hoursTo, plantOf, play, said, slotsOf, type Report, type SkyOf, type Story } from './site-days.fixture.ts'
import { emptySiteState } from './state.ts'

/** A fault of the first panel from an hour of a day on. */
const from =
  (day: number, hour: number, change: Report): Report =>
  (panelId, when, healthy) =>
    panelId === 'p-1' && when.day * 24 + when.hour >= day * 24 + hour ? change(panelId, when, healthy) : healthy

const begun = (story: Story): string[] => said(play(story).changes).filter((one) => one.startsWith('begun'))

describe('a healthy site', () => {
  it('says nothing, by day, at dawn and dusk, by night and under any clouds', () => {
    assert.deepEqual(said(play({ days: 10 }).changes), [])
    const clouds: SkyOf = ({ day, hour }) => ({ index: 0.55 + 0.45 * Math.sin(day * 7 + hour * 5) })
    assert.deepEqual(said(play({ days: 12, sky: clouds }).changes), [])
  })

  it('is nowhere condemned', () => assert.equal(play({ days: 3 }).condemned, 0))

  it('says nothing under snow: all panels near nothing from dawn on, nobody measures the sun', () => {
    const story: Story = {
      days: 9,
      sky: () => ({ index: 1, basis: 'clear-sky' }),
      report: (_, { day }, healthy) =>
        day >= 3 && day < 6
          ? { ...healthy, powerW: 0.2, voltageV: 4, currentA: 0.05, lowestW: 0, highestW: 1 }
          : healthy,
    }
    assert.deepEqual(said(play(story).changes), [])
  })

  it('says nothing while panels report nothing, or not all measures', () => {
    const silent: Report = (panelId, { day }, healthy) => (panelId === 'p-1' && day > 2 ? undefined : healthy)
    assert.deepEqual(said(play({ days: 12, report: silent }).changes), [])
    const partial: Report = (panelId, { day }, healthy) =>
      panelId === 'p-1' && day > 2
        ? { ...healthy, voltageV: null, currentA: null, temperatureC: null, lowestW: null, highestW: null }
        : healthy
    assert.deepEqual(said(play({ days: 12, report: partial }).changes), [])
  })
})

describe('a panel that gives nothing', () => {
  const dead = from(2, 10, (_, __, healthy) => ({
    ...healthy,
    powerW: 0,
    voltageV: 0,
    currentA: 0,
    lowestW: 0,
    highestW: 0,
  }))

  it('is dead a quarter of an hour later, once, and through the night', () => {
    const { changes } = play({ days: 5, report: dead })
    assert.deepEqual(said(changes), ['begun zero_output p-1'])
    assert.ok(hoursTo(changes[0]!) - 58 < 0.25)
    assert.equal(changes[0]!.anomaly.since, changes[0]!.at - 10 * 60_000)
    assert.equal(changes[0]!.anomaly.severity, 'high')
  })

  it('has an open string when its voltage is that of an open circuit', () =>
    assert.deepEqual(
      begun({
        days: 4,
        report: from(2, 10, (_, __, healthy) => ({
          ...healthy,
          powerW: 0,
          currentA: 0,
          voltageV: healthy.voltageV! * 1.25,
        })),
      }),
      ['begun string_open p-1'],
    ))

  it('is shorted when it carries current without voltage', () =>
    assert.deepEqual(
      begun({
        days: 4,
        report: from(2, 10, (_, __, healthy) => ({ ...healthy, powerW: 0, voltageV: healthy.voltageV! / 100 })),
      }),
      ['begun short_circuit p-1'],
    ))

  it('is well again when it generates', () => {
    const report: Report = (panelId, { day, hour }, healthy) =>
      panelId === 'p-1' && day === 2 && hour >= 10 && hour < 12
        ? { ...healthy, powerW: 0, voltageV: 0, currentA: 0 }
        : healthy
    const { changes } = play({ days: 5, report })
    assert.deepEqual(said(changes), ['begun zero_output p-1', 'ended zero_output p-1'])
    assert.ok(hoursTo(changes[1]!) - 60 < 0.5)
  })
})

describe('a site that gives nothing', () => {
  it('tripped, as one anomaly, when all fell at once', () => {
    const report: Report = (_, { day, hour }, healthy) =>
      day === 3 && hour >= 11 && hour < 14 ? { ...healthy, powerW: 0, currentA: 0, voltageV: 0 } : healthy
    const story: Story = {
      days: 6,
      report,
      sky: ({ day, hour }) => ({ index: 1, basis: day === 3 && hour >= 11 && hour < 14 ? 'clear-sky' : 'siblings' }),
    }
    const { changes } = play(story)
    assert.deepEqual(said(changes), ['begun inverter_trip site-1', 'ended inverter_trip site-1'])
    assert.equal(changes[0]!.anomaly.panelIds.length, 6)
    assert.equal(changes[0]!.anomaly.severity, 'critical')
  })

  it('tripped before dawn, when the panels have their open voltage, or nobody measures it and a sensor sees the sun', () => {
    const from3 =
      (voltageV: number | null): Report =>
      (_, { day }, healthy) =>
        day >= 3 ? { ...healthy, powerW: 0, currentA: 0, voltageV: healthy.voltageV! > 0 ? voltageV : 0 } : healthy
    assert.deepEqual(begun({ days: 5, report: from3(null), sky: () => ({ index: 1, basis: 'measured' }) }), [
      'begun inverter_trip site-1',
    ])
    assert.deepEqual(begun({ days: 5, report: from3(47), sky: () => ({ index: 1, basis: 'clear-sky' }) }), [
      'begun inverter_trip site-1',
    ])
  })
})

describe('a clock that is wrong', () => {
  /** What the panel would have said `lag` hours earlier. */
  const late =
    (lag: number, who: (panelId: string) => boolean): Report =>
    (panelId, { day, hour }, healthy) => {
      if (day < 2 || !who(panelId)) return healthy
      const height = Math.max(0, Math.sin((Math.PI * (hour - lag - 6)) / 12))
      const powerW = 380 * height * (1 + 0.003 * Math.sin(hour * 40))
      const voltageV = height > 0 ? 39 + Math.sin(hour * 33) : 0
      return {
        ...healthy,
        powerW,
        voltageV,
        currentA: voltageV > 0 ? powerW / voltageV : 0,
        lowestW: powerW,
        highestW: powerW,
      }
    }

  it('is said once of a site, and nothing else is', () => {
    for (const lag of [-5, -3, 3, 5])
      assert.deepEqual(
        said(
          play({
            days: 6,
            report: late(lag, () => true),
            sky: ({ day }) => ({ index: 1, basis: day < 2 ? 'siblings' : 'clear-sky' }),
          }).changes,
        ),
        ['begun clock site-1'],
        String(lag),
      )
  })

  it('is said once of a panel, and nothing else is', () => {
    for (const lag of [-3, 3])
      assert.deepEqual(
        said(play({ days: 6, report: late(lag, (panelId) => panelId === 'p-1') }).changes),
        ['begun clock p-1'],
        String(lag),
      )
  })
})

describe('detect', () => {
  it('refuses a slot that is not after the newest, and a state of another version', () => {
    const plant = plantOf(4)
    const [slot] = slotsOf({ days: 1 }, plant)
    const { state } = detect(emptySiteState, slot!, plant)
    assert.throws(() => detect(state, slot!, plant), RangeError)
    assert.throws(() => detect({ ...emptySiteState, version: 0 }, slot!, plant), RangeError)
  })

  it('touches neither state nor slot, and goes on from JSON as from the state itself (property)', () => {
    const plant = plantOf(4)
    const slots = [...slotsOf({ days: 1, panels: 4 }, plant)]
      .filter(({ expected }) => (expected.get('p-1')?.sunElevationDeg ?? 0) > 20)
      .slice(0, 100)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 2, noNaN: true }), (cut, factor) => {
        let [kept, stored] = [emptySiteState, emptySiteState]
        for (const [index, slot] of slots.entries()) {
          const panels = new Map(
            [...slot.panels].map(([id, one]) => [
              id,
              id === 'p-1' && index > cut ? { ...one, powerW: one.powerW! * factor } : one,
            ]),
          )
          const frozen = JSON.stringify(kept)
          const one = detect(kept, { ...slot, panels }, plant)
          assert.equal(JSON.stringify(kept), frozen)
          const other = detect(stored, { ...slot, panels }, plant)
          assert.deepEqual(said(other.changes), said(one.changes))
          kept = one.state
          stored = JSON.parse(JSON.stringify(other.state))
        }
        assert.deepEqual(stored, JSON.parse(JSON.stringify(kept)))
      }),
      { numRuns: 10 },
    )
  })
})
