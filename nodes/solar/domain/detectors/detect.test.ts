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

  it('tripped before dawn, when a sensor sees the sun or the panels have their open voltage', () => {
    const from3 =
      (voltageV: number): Report =>
      (_, { day }, healthy) =>
        day >= 3 ? { ...healthy, powerW: 0, currentA: 0, voltageV: healthy.voltageV! && voltageV } : healthy
    assert.deepEqual(begun({ days: 5, report: from3(0), sky: () => ({ index: 1, basis: 'measured' }) }), [
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

describe('other faults of a panel', () => {
  it('stuck: one value while the sun moves', () => {
    const report = from(2, 10, (_, __, healthy) => ({
      ...healthy,
      powerW: 333,
      voltageV: 37.5,
      currentA: 8.88,
      temperatureC: 44,
    }))
    assert.deepEqual(begun({ days: 4, report }), ['begun stuck_value p-1'])
  })

  it('out of range: more than a module can give', () => {
    const report = from(2, 10, (_, __, healthy) => ({ ...healthy, temperatureC: 180 }))
    assert.deepEqual(begun({ days: 4, report }), ['begun out_of_range p-1'])
  })

  it('clipping: a ceiling that is not the inverter’s', () => {
    const report = from(2, 0, (_, __, healthy) => {
      const powerW = Math.min(220, healthy.powerW!)
      // What is held below its maximum power goes to a higher voltage.
      const voltageV = healthy.voltageV! * (powerW < healthy.powerW! ? 1.06 : 1)
      return { ...healthy, powerW, voltageV, currentA: powerW / (voltageV || 1), highestW: powerW }
    })
    const { changes } = play({ days: 6, report })
    assert.deepEqual(
      said(changes)
        .filter((one) => one.startsWith('begun'))
        .slice(0, 1),
      ['begun clipping p-1'],
    )
    assert.ok(
      said(changes).every((one) => one.includes('clipping')),
      String(said(changes)),
    )
    assert.ok(hoursTo(changes[0]!) < 72)
  })

  it('low voltage: a drop that follows the current', () => {
    const report = from(2, 0, (_, __, healthy) => {
      const voltageV = healthy.voltageV! - 0.6 * healthy.currentA!
      return { ...healthy, voltageV, powerW: voltageV * healthy.currentA! }
    })
    assert.deepEqual(begun({ days: 5, report }), ['begun low_voltage p-1'])
  })

  it('short circuit of a third of the cells: a drop that does not', () => {
    const report = from(2, 0, (_, __, healthy) => {
      const voltageV = (healthy.voltageV! * 2) / 3
      return { ...healthy, voltageV, powerW: voltageV * healthy.currentA! }
    })
    assert.deepEqual(begun({ days: 5, report }), ['begun short_circuit p-1'])
  })

  it('hot spot: warmer than its siblings, the more the sun shines', () => {
    const report = from(2, 0, (_, __, healthy) => ({
      ...healthy,
      temperatureC: healthy.temperatureC! + healthy.powerW! / 22,
    }))
    assert.deepEqual(begun({ days: 5, report }), ['begun hot_spot p-1'])
  })

  it('hot panel: all of them, hotter than they are made for', () => {
    const report: Report = (_, { hour }, healthy) =>
      hour > 11 && hour < 13 ? { ...healthy, temperatureC: healthy.temperatureC! + 40 } : healthy
    assert.equal(begun({ days: 1, report }).filter((one) => one.startsWith('begun hot_panel')).length, 6)
  })

  it('shading: low at the same time of day on sunny days', () => {
    const report = from(2, 0, (_, { hour }, healthy) =>
      hour >= 14 && hour < 16
        ? { ...healthy, powerW: healthy.powerW! * 0.6, currentA: healthy.currentA! * 0.6 }
        : healthy,
    )
    const { changes } = play({ days: 9, report })
    assert.deepEqual(said(changes), ['begun shading p-1'])
    assert.ok(hoursTo(changes[0]!) <= 5 * 24)
  })

  it('soiling: a loss of light that grows by the day, and goes with the rain', () => {
    const report: Report = (panelId, { day }, healthy) => {
      const clean = panelId === 'p-1' && day >= 12 && day < 30 ? 1 - 0.006 * (day - 12) : 1
      return { ...healthy, powerW: healthy.powerW! * clean, currentA: healthy.currentA! * clean }
    }
    const { changes } = play({ days: 36, report })
    assert.deepEqual(said(changes), ['begun soiling p-1', 'ended soiling p-1'])
    assert.ok(hoursTo(changes[0]!) <= 20 * 24)
  })

  it('degradation: a loss that grows by the month and takes voltage with it', () => {
    const report: Report = (panelId, { day }, healthy) => {
      const left = panelId === 'p-1' && day >= 10 ? 1 - 0.0004 * (day - 10) : 1
      return {
        ...healthy,
        powerW: healthy.powerW! * left * left,
        voltageV: healthy.voltageV! * left,
        currentA: healthy.currentA! * left,
      }
    }
    assert.deepEqual(begun({ days: 70, panels: 5, report }), ['begun degradation p-1'])
  })

  it('mismatch: a loss that no other rule explains', () => {
    const report = from(12, 0, (_, __, healthy) => ({
      ...healthy,
      powerW: healthy.powerW! * 0.75,
      currentA: healthy.currentA! * 0.75,
    }))
    assert.deepEqual(begun({ days: 18, report }), ['begun mismatch p-1'])
  })

  it('unusual: what only the forest sees', () => {
    const score: NonNullable<Story['score']> = (panelId, { day }) => (panelId === 'p-1' && day >= 1 ? 0.8 : 0.45)
    assert.deepEqual(begun({ days: 3, score }), ['begun unusual p-1'])
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
