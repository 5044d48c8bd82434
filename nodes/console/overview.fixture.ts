import type { FieldOverview } from '../../platform/wire/overview.ts'

type Latest = FieldOverview['latest'][number]

const panelMeasures = (celsius: number, volts: number, amperes: number): Latest['measures'] => ({
  temperature_celsius: celsius,
  voltage_volts: volts,
  current_amperes: amperes,
})

/** A calm afternoon on two feeders, with one device silent and a few payloads kept out. */
export function calmOverview(at: number): FieldOverview {
  return {
    at,
    readingsPerSecond: 36.4,
    lagMs: 42,
    rollupLagBatches: 1,
    stored: 1_284_310,
    duplicates: 212,
    quarantined: 1204,
    devices: { reporting: 37, silent: 2, silentIds: ['meter-017', 'ev-004'] },
    feeders: [
      {
        feederId: 'feeder-01',
        byType: [
          { type: 'meter', kw: 31.62, devices: 12 },
          { type: 'ev', kw: 14.3, devices: 3 },
          { type: 'battery', kw: -2.75, devices: 1 },
          { type: 'pv', kw: -4.41, devices: 1 },
          { type: 'panel', kw: -2.08, devices: 5 },
        ],
      },
      {
        feederId: 'feeder-02',
        byType: [
          { type: 'meter', kw: 18.05, devices: 8 },
          { type: 'ev', kw: 6.9, devices: 1 },
          { type: 'battery', kw: 3.2, devices: 2 },
          { type: 'panel', kw: -1.94, devices: 5 },
        ],
      },
    ],
    quarantine: [
      { reason: 'out_of_range', count: 874 },
      { reason: 'bad_timestamp', count: 219 },
      { reason: 'topic_mismatch', count: 96 },
      { reason: 'conflicting_duplicate', count: 15 },
    ],
    latest: [
      row('pv-001', 'der', 'pv', 'feeder-01', at - 800, -4.41, { p_max_kw: 5, shortwave_radiation_wm2: 612 }),
      row('bat-001', 'der', 'battery', 'feeder-01', at - 1200, -2.75, { soc: 0.64, p_max_kw: 4 }),
      row('ev-001', 'der', 'ev', 'feeder-01', at - 400, 7.2, { p_setpoint_kw: 7.2, p_max_kw: 7.4 }),
      row('ev-002', 'der', 'ev', 'feeder-01', at - 900, 3.5, { p_setpoint_kw: 3.5, p_max_kw: 7.4 }),
      row('Panel-001', 'panel', undefined, 'feeder-01', at - 300, -0.41, panelMeasures(25.3, 48.2, 8.5)),
      row('Panel-002', 'panel', undefined, 'feeder-01', at - 1500, -0.39, panelMeasures(25.9, 47.9, 8.2)),
      row('meter-001', 'meter', undefined, 'feeder-01', at - 4200, 2.84, { va_v: 221.4, vb_v: 220.9, vc_v: 221.8 }),
      row('meter-002', 'meter', undefined, 'feeder-01', at - 9100, 1.37, { va_v: 219.8, frequency_hz: 60.01 }),
      row('meter-010', 'meter', undefined, 'feeder-02', at - 6200, 12.06, { va_v: 220.3, vb_v: 221.1, q_kvar: 1.2 }),
      {
        deviceId: 'switch-01',
        kind: 'switch',
        feederId: 'feeder-02',
        at: at - 754_000,
        measures: { position: 'closed', mode: 'remote' },
      },
    ],
    degraded: [],
  }
}

function row(
  deviceId: string,
  kind: 'der' | 'panel' | 'meter',
  type: string | undefined,
  feederId: string,
  at: number,
  kw: number,
  measures: Latest['measures'],
): Latest {
  return { deviceId, kind, ...(type && { type }), feederId, at, kw, measures }
}
