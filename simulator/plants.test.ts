import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { fieldContract } from '../platform/wire/contract.ts'
import type { PanelReading } from '../platform/wire/payloads.ts'
import { fieldOf } from './field.ts'
import { usualFacts } from './plant/plant-layout.ts'
import { panelsOfPlant, Plants } from './plants.ts'
import { loadScenario } from './scenario-files.ts'
import { Simulation, type Script } from './simulation.ts'

const spec = { siteId: 'plant-01', feederId: 'feeder-02', panels: 20, perString: 10, pyranometer: true }
const start = Date.UTC(2026, 5, 10, 10, 30)
const MINUTE = 60_000
const scenario = loadScenario('solar-faults')
const script: Script = { weather: 'clear', events: scenario.events! }
const valid = new Ajv().compile(fieldContract.panel.schema)

/** What the panels send so many minutes after the start, by number. */
function readingsAt(plants: Plants, minute: number, feedsIn = true): PanelReading[] {
  plants.move(start + minute * MINUTE, 600, () => feedsIn)
  return plants.payloads().map(({ payload }) => payload)
}

describe('the plants of a field', () => {
  it('send nothing that the contract refuses, but where a sensor is broken', () => {
    const plants = new Plants([spec], 1, start, script)
    let broken = 0
    for (let minute = 0; minute < 600; minute++)
      for (const reading of readingsAt(plants, minute)) {
        const isBroken = reading.panel_id.endsWith('010') && minute >= 310 && minute < 370
        if (isBroken) broken += valid(reading) ? 0 : 1
        else assert.ok(valid(reading), `${minute} ${JSON.stringify(reading)}`)
      }
    assert.equal(broken, 60)
  })

  it('show the faults of the scenario while they last', () => {
    const plants = new Plants([spec], 1, start, script)
    const before = readingsAt(plants, 85)
    const dead = readingsAt(plants, 100)
    const string = readingsAt(plants, 350)
    const trip = readingsAt(plants, 440)
    const after = readingsAt(plants, 480)
    assert.ok(before[3]!.power_output_watts > 100)
    assert.equal(dead[3]!.power_output_watts, 0)
    for (const [index, { current_amperes, voltage_volts }] of string.entries())
      if (index >= 10) assert.ok(current_amperes === 0 && voltage_volts > 42)
    assert.ok(string[0]!.current_amperes > 1)
    assert.ok(trip.every(({ current_amperes }) => current_amperes === 0))
    assert.ok(after[3]!.power_output_watts > 30)
  })

  it('feed in what they give, and nothing without grid', () => {
    const plants = new Plants([spec], 1, start, { weather: 'clear', events: [] })
    const [fed] = plants.move(start + 270 * MINUTE, 600, () => true)
    assert.ok(fed!.kw < -5 && fed!.kw > -7, `${fed!.kw} kW`)
    assert.deepEqual(
      plants.move(start + 280 * MINUTE, 600, () => false).map(({ kw }) => Math.abs(kw)),
      [0],
    )
  })

  it('send beside the other devices of the field, and open their circuit when it has no supply', () => {
    const field = fieldOf({ panels: 1, meters: 1, evs: 0 }, undefined, [spec])
    const noon = start + 270 * MINUTE
    const minute = (at_minute: number) => ({ at_minute, for_minutes: 1 })
    const events = [
      { kind: 'pv_trip', ...minute(2) } as const,
      { kind: 'outage', element: 'src-02', ...minute(4) } as const,
    ]
    const simulation = new Simulation(field, 1, noon, MINUTE, { weather: 'clear', events })
    const amperes = Array.from({ length: 6 }, (_, index) =>
      simulation
        .step(noon + index * MINUTE)
        .filter(({ kind, deviceId }) => kind === 'panel' && deviceId.startsWith('plant-01'))
        .map(({ payload }) => (payload as PanelReading).current_amperes),
    )
    assert.deepEqual(
      amperes.map((of) => [of.length, of.length > 0 && of.every((one) => one > 4)]),
      [
        ...[[20, true] as const, [20, true] as const, [20, false] as const, [20, true] as const],
        // Nobody can be heard where there is no supply.
        ...[[0, false] as const, [20, true] as const],
      ],
    )
  })

  it('have clouds as the scenario wants them', () => {
    const watts = (weather: Script['weather']) =>
      readingsAt(new Plants([spec], 1, start, { weather, events: [] }), 270).reduce(
        (sum, { power_output_watts }) => sum + power_output_watts,
        0,
      )
    assert.ok(watts('cloudy') < 0.5 * watts('clear'))
  })

  it('are registered in docs/registry-solar as they are', () => {
    const rows = (name: string): Record<string, string>[] => {
      const text = readFileSync(join(import.meta.dirname, '../../docs/registry-solar', name), 'utf8')
      const [head, ...lines] = text
        .trim()
        .split('\n')
        .map((line) => line.split(','))
      return lines.map((cells) => Object.fromEntries(head!.map((column, index) => [column, cells[index]!])))
    }
    const devices = rows('devices.csv')
    assert.deepEqual(
      devices.map(({ device_id }) => device_id),
      panelsOfPlant(spec).map(({ id }) => id),
    )
    const { ratedW, ratedV, tiltDeg, azimuthDeg, gammaPerC, noctC, place, clipsAtW } = usualFacts
    for (const device of devices) {
      const { rated_kw, rated_v, tilt_deg, azimuth_deg, gamma_per_c, noct_c } = device
      assert.deepEqual([rated_kw, rated_v, tilt_deg, azimuth_deg, gamma_per_c, noct_c].map(Number), [
        ratedW / 1000,
        ratedV,
        tiltDeg,
        azimuthDeg,
        gammaPerC,
        noctC,
      ])
    }
    const [site] = rows('sites.csv')
    assert.deepEqual([site!['latitude'], site!['longitude'], site!['inverter_limit_kw']].map(Number), [
      place.latitude,
      place.longitude,
      (clipsAtW * spec.panels) / 1000,
    ])
  })
})
