import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import type { EventOfKind } from '../scenario.ts'
import { plantOf, usualFacts } from './plant-layout.ts'
import { scriptedFaults } from './scripted-faults.ts'

const plant = plantOf(usualFacts, 20, 10, (name) => drawOf(1, name))
const start = Date.UTC(2026, 5, 10, 12)
const MINUTE = 60_000
type PanelFault = EventOfKind<'panel_fault'>
const faults = (...events: Partial<PanelFault>[]) =>
  scriptedFaults(
    events.map((event) => ({
      ...{ kind: 'panel_fault', plant: 'plant-01', fault: 'zero_output', at_minute: 10, for_minutes: 20 },
      ...event,
    })),
    plant,
    start,
    drawOf(1, 'faults'),
  )
const numbers = (panelIds: readonly string[]) => panelIds.map((id) => Number(id.slice(-3)))

describe('the faults of a scenario', () => {
  it('come when it says, to the panels that it names', () => {
    const [fault] = faults({ panels: [2, 5] })
    assert.deepEqual([fault!.from, fault!.to], [start + 10 * MINUTE, start + 30 * MINUTE])
    assert.deepEqual(numbers(fault!.panelIds), [2, 5])
    assert.deepEqual(numbers(faults({})[0]!.panelIds), [1])
  })

  it('come again as often as it says', () => {
    const again = faults({ every_minutes: 1440 })
    assert.equal(again.length, 400)
    assert.equal(again[3]!.from, start + (10 + 3 * 1440) * MINUTE)
    assert.equal(new Set(again.map(({ episode }) => episode)).size, 400)
  })

  it('of a string concern the string, and of the inverter every panel', () => {
    assert.deepEqual(numbers(faults({ fault: 'string_open', panels: [13] })[0]!.panelIds), [
      ...[11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    ])
    assert.equal(faults({ fault: 'inverter_trip' })[0]!.panelIds.length, 20)
  })

  it('creep as fast as it says, or as nobody would wait for', () => {
    const [told, usual] = faults({ fault: 'soiling', loss_percent_per_day: 60 }, { fault: 'degradation' })
    assert.deepEqual(told!.size, { kind: 'soiling', lossPerDay: 0.6 })
    assert.deepEqual(usual!.size, { kind: 'degradation', lossPerDay: 0.5 })
  })

  it('shade from where the sun stands in their middle', () => {
    const { size } = faults({ fault: 'shading', at_minute: 0, for_minutes: 360 })[0]!
    assert.ok(size.kind === 'shading')
    const { object } = size
    // 15:00 UTC is noon of São Paulo, the sun 43° high in the north in June
    assert.ok(object.azimuthDeg < 10 || object.azimuthDeg > 350, `${object.azimuthDeg}`)
    assert.ok(object.topDeg > 50 && object.topDeg < 60, `${object.topDeg}`)
  })
})
