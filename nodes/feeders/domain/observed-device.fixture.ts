import type { Device, Feeder, FeederLimit } from './allocation/problem.ts'
import type { DeviceReading, EarlierShare, ObservedDevice } from './observed-device.ts'

/** 2026-03-02T15:00:00Z. */
export const noon = 1_772_463_600_000
export const minuteMs = 60_000
export const hourMs = 3_600_000

export const needSettings = { minSocReserve: 0.2, targetSoc: 0.8, socWeight: 1, respectPriority: true }

/** A car's charger of 7.4 kW on three phases, heard just now and of which nothing more is known, but for what is given. */
export function observed(given: Partial<ObservedDevice> = {}): ObservedDevice {
  return {
    ...{ deviceId: 'ev-1', feederId: 'f-1', kind: 'ev', phases: ['A', 'B', 'C'], ratedKw: 7.4, phaseVoltageV: 127 },
    ...{
      priority: null,
      leastKw: null,
      fallbackKw: null,
      contractedKw: null,
      capacityKwh: null,
      rampKwPerMinute: null,
    },
    ...{ minOnS: null, minOffS: null, isOffline: false, told: null, deficit: null, share: null },
    reading: reading(),
    ...given,
  }
}

export const reading = (given: Partial<DeviceReading> = {}): DeviceReading => ({
  ...{ at: noon, receivedAt: noon, powerKw: 0, soc: null, expectedKw: null, pluggedIn: null },
  ...{ energyNeededKwh: null, departsAt: null },
  ...given,
})

export const earlier = (given: Partial<EarlierShare> = {}): EarlierShare => ({
  ...{ at: noon - minuteMs, deficitKw: 0, toldAt: noon - minuteMs, heard: null, switchedAt: null },
  ...given,
})

const still = { total: 0, A: 0, B: 0, C: 0 }

/** A feeder with limits of all phases towards the loads, and back where given, that nobody else loads. */
export function feeder(
  feederId: string,
  parentFeederId: string | null,
  importKw: number | null,
  exportKw: number | null = null,
): Feeder {
  const limit = (direction: FeederLimit['direction'], limitKw: number): FeederLimit => ({
    ...{ line: 'total', direction, limitKw, source: 'registry', expiresAt: null },
  })
  const limits = [
    ...(importKw === null ? [] : [limit('import', importKw)]),
    ...(exportKw === null ? [] : [limit('export', exportKw)]),
  ]
  return { feederId, parentFeederId, limits, baseLoad: { lowKw: still, highKw: still } }
}

/** A device of a problem, free to take up to 7.4 kW. */
export const problemDevice = (given: Partial<Device> = {}): Device => ({
  ...{ deviceId: 'ev-1', feederId: 'f-1', kind: 'ev', phases: ['A', 'B', 'C'], fromKw: 0, untilKw: 7.4, leastOnKw: 0 },
  ...{ wantedKw: 7.4, contractedKw: 0, weight: 1, presentKw: null, held: null, lostAtKw: null },
  ...given,
})
