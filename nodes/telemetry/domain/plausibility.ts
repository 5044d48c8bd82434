import type { DerTelemetry, MeterReading, PanelReading } from '../../../platform/wire/payloads.ts'
import { showValue } from '../../../platform/wire/show-value.ts'

/**
 * Physical plausibility: what no healthy instrument can report. Tolerances are wide, because the point is to catch a
 * wrong unit or a broken sensor, not to second-guess a measurement.
 * @returns what contradicts what, with the values; undefined where nothing does
 */
export function derContradiction(der: DerTelemetry): string | undefined {
  const mostKw = der.p_max_kw * 1.2 + 0.1
  if (Math.abs(der.p_actual_kw) <= mostKw) return undefined
  return `p_actual_kw ${der.p_actual_kw} is beyond 1.2 × p_max_kw ${der.p_max_kw}`
}

/** A driver tells of the day, perhaps of a journey: farther from the reading it is a wrong unit or a wrong clock. */
const farthestDepartureMs = 30 * 86_400_000

/**
 * Whether a charge point can have been told such a departure.
 * @param written  as the charge point wrote it @param departsAt  what that is, UTC ms; undefined: no instant @param at  of the reading
 */
export function departureContradiction(
  written: string | number | undefined,
  departsAt: number | undefined,
  at: number,
): string | undefined {
  if (written === undefined) return undefined
  if (departsAt === undefined)
    return `departs_at ${showValue(written)} is no instant: ISO 8601 with offset, or epoch ms`
  if (Math.abs(departsAt - at) <= farthestDepartureMs) return undefined
  return `departs_at ${showValue(written)} is more than 30 days from timestamp`
}

export function panelContradiction(panel: PanelReading): string | undefined {
  const dcPowerW = panel.voltage_volts * panel.current_amperes
  if (panel.power_output_watts <= dcPowerW * 1.1 + 5) return undefined
  return `power_output_watts ${panel.power_output_watts} is more than voltage_volts ${panel.voltage_volts} × current_amperes ${panel.current_amperes}`
}

export function meterContradiction(meter: MeterReading): string | undefined {
  if (meter.p_kw === undefined) return undefined
  const apparentKva = apparentPowerKva(meter)
  if (apparentKva === undefined || Math.abs(meter.p_kw) <= apparentKva * 1.2 + 0.1) return undefined
  return `p_kw ${meter.p_kw} is more than the phases' volts × amperes, ${apparentKva} kVA`
}

/** Sum over the phases of volts × amperes; undefined where a phase has no current measurement. */
function apparentPowerKva(meter: MeterReading): number | undefined {
  let voltAmperes = 0
  const phases = [
    [meter.va_v, meter.ia_a],
    [meter.vb_v, meter.ib_a],
    [meter.vc_v, meter.ic_a],
  ] as const
  for (const [volts, amperes] of phases) {
    if (volts === null || volts === undefined) continue
    if (amperes === null || amperes === undefined) return undefined
    voltAmperes += volts * amperes
  }
  return voltAmperes / 1_000
}
