import { readScenario, type Scenario, type ScenarioEvent } from '../../simulator/scenario.ts'

/** Size and length of what the simulator sends. */
export interface FillSize {
  readonly meters: number
  readonly evs: number
  readonly panels: number
  /** Of the field's time. */
  readonly minutes: number
}

/** 100 devices with pv-001, bat-001, two switches, and those of the plant. */
export const usualSize: FillSize = { meters: 60, evs: 16, panels: 20, minutes: 360 }

/** For how long the same field sends once more when it has a past: long enough for an event. */
export const minutesAfter = 30

/** The larger one, and a small one. */
export const plantIds = ['plant-01', 'plant-02'] as const
const panelsOfSecond = 6
const faultsOfPanels = ['zero_output', 'short_circuit', 'shading', 'hot_spot', 'soiling', 'string_open'] as const

/**
 * A part of a day in which everything happens that dashboards show: outages, sags, an overload, a switching, a device that falls
 * silent, faults of panels, readings that are refused.
 */
export function fillScenario(size: FillSize): Scenario {
  const { minutes } = size
  const at = (share: number): number => Math.round(share * minutes)
  const event = (kind: string, share: number, lastsShare: number, more: object): ScenarioEvent =>
    ({ kind, at_minute: at(share), for_minutes: Math.max(1, at(lastsShare)), ...more }) as ScenarioEvent
  const events = [
    event('feeder_overload', 0.55, 0.2, { feeder: 'feeder-01', factor: 3 }),
    event('voltage_sag', 0.3, 0.3, { feeder: 'feeder-01', depth_percent: 9 }),
    event('voltage_sag', 0.5, 0.01, {
      ...{ feeder: 'feeder-02', depth_percent: 15, meters: ['meter-012', 'meter-013', 'meter-014'] },
    }),
    event('outage', 0.1, 0.08, { element: 'src-01' }),
    event('outage', 0.25, 0.15, { element: 'fu-001' }),
    event('outage', 0.2, 0.03, { element: 'src-02' }),
    event('switching', 0.75, 0.05, { switch: 'sw-001', position: 'open', cause: 'tree on the line' }),
    event('communication_loss', 0.4, 0.1, { devices: ['meter-003'], readings: 'lost' }),
    ...faultsOfPanels.map((fault, index) =>
      event('panel_fault', 0.02, 0.95, { plant: plantIds[0], fault, panels: [index + 1] }),
    ),
    event('panel_fault', 0.02, 0.95, { plant: plantIds[1], fault: 'zero_output', panels: [1] }),
    event('faults', 0, 0.98, { percent: { duplicate: 1, late: 1, missing_field: 1 }, hold_minutes: 3 }),
  ]
  return scenarioOf(size, minutes, events)
}

/** The same devices, and nothing happens. */
export const fieldAfter = (size: FillSize): Scenario => scenarioOf(size, minutesAfter, [])

function scenarioOf({ meters, evs, panels }: FillSize, minutes: number, events: readonly ScenarioEvent[]): Scenario {
  const scenario = {
    ...{
      description: 'what dashboards show',
      duration_minutes: minutes,
      interval_seconds: 60,
      meter_interval_seconds: 60,
    },
    fleet: { panels: 4, meters, evs },
    plants: plantIds.map((site, index) => ({
      ...{ site, panels: index === 0 ? panels : panelsOfSecond, per_string: index === 0 ? 10 : 3, pyranometer: true },
    })),
    events,
  }
  return readScenario(JSON.stringify(scenario), 'the fill')
}
