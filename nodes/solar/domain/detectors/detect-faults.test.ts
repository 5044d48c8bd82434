import assert from 'node:assert/strict'
import { hoursTo, play, said, type Report, type Story } from './site-days.fixture.ts'

/** A fault of the first panel from an hour of a day on. */
const from =
  (day: number, hour: number, change: Report): Report =>
  (panelId, when, healthy) =>
    panelId === 'p-1' && when.day * 24 + when.hour >= day * 24 + hour ? change(panelId, when, healthy) : healthy

const begun = (story: Story): string[] => said(play(story).changes).filter((one) => one.startsWith('begun'))

describe('a fault of a panel', () => {
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
