import { formatInstant } from '../../../platform/wire/instant.ts'
import type { LiveVoltageForecast, LiveVoltageUnit } from '../../../platform/wire/live.ts'
import type { VoltageBand } from './bands.ts'
import type { Forecast, LimitForecast } from './forecast.ts'
import { indicatorsOf, type BandCounts } from './indicators.ts'
import type { PerPhase } from './sample.ts'
import type { InvalidReason } from './windows.ts'

/** A forecast from the windows that end by an instant, UTC milliseconds. */
export interface ForecastAt {
  readonly at: number
  readonly forecast: Forecast
}

/** What is known of a unit's voltage now. Instants are UTC milliseconds. */
export interface UnitNow {
  readonly unitId: string
  readonly feederId: string | null
  readonly week: BandCounts & { readonly valid: number }
  readonly newest?: {
    readonly start: number
    readonly volts: PerPhase<number>
    readonly bands: PerPhase<VoltageBand>
    readonly reason: InvalidReason | null
  }
  readonly measurement?: BandCounts & {
    readonly measurementId: number
    readonly kind: 'sample' | 'complaint' | 'inspection'
    readonly startsAt: number
    readonly valid: number
    readonly forecast?: ForecastAt
  }
}

/** A unit as the live stream shows it. @param day  civil day that says which rule holds, `YYYY-MM-DD` */
export function liveUnitOf({ unitId, feederId, week, newest, measurement }: UnitNow, day: string): LiveVoltageUnit {
  const [va_v = null, vb_v = null, vc_v = null] = newest?.volts ?? []
  const [bandA = null, bandB = null, bandC = null] = newest?.bands ?? []
  return {
    ...{ unitId, feederId, at: newest ? formatInstant(newest.start) : null },
    ...{ va_v: inCentivolts(va_v), vb_v: inCentivolts(vb_v), vc_v: inCentivolts(vc_v) },
    ...{ bandA, bandB, bandC, invalidReason: newest?.reason ?? null },
    week: figuresOf(week, day),
    measurement: measurement
      ? {
          ...{ measurementId: measurement.measurementId, kind: measurement.kind },
          startsAt: formatInstant(measurement.startsAt),
          ...figuresOf(measurement, day),
          forecast: measurement.forecast ? shownForecast(measurement.forecast) : null,
        }
      : null,
  }
}

function figuresOf(counts: BandCounts & { readonly valid: number }, day: string): LiveVoltageUnit['week'] {
  const { drpPct, drcPct, drpViolated, drcViolated } = indicatorsOf(counts, day)
  const rounded = (pct: number): number => Math.round(pct * 1e6) / 1e6
  return { validWindows: counts.valid, drpPct: rounded(drpPct), drcPct: rounded(drcPct), drpViolated, drcViolated }
}

const shownForecast = ({ at, forecast: { completeAt, drp, drc, compensation } }: ForecastAt): LiveVoltageForecast => ({
  ...{ at: formatInstant(at), completeAt: formatInstant(completeAt) },
  ...{ drp: shownLimit(drp), drc: shownLimit(drc) },
  compensation: compensation && { ...compensation, inputs: { ...compensation.inputs } },
})

const shownLimit = ({ used, budget, probability, brokenAt, breaks }: LimitForecast): LiveVoltageForecast['drp'] => ({
  ...{ used, budget, probability, brokenAt: brokenAt === null ? null : formatInstant(brokenAt) },
  breaks: breaks && {
    ...{
      medianAt: formatInstant(breaks.medianAt),
      fromAt: formatInstant(breaks.fromAt),
      untilAt: formatInstant(breaks.untilAt),
    },
  },
})

/** For a screen; exact values are in the API. */
const inCentivolts = (volts: number | null): number | null => volts && Math.round(volts * 100) / 100
