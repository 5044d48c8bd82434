import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import { truncatedToCents } from '../../../platform/regulation/money.ts'
import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from './bands.ts'
import { latentsOf, type WeekBefore } from './forecast-latents.ts'
import { pathsOf, type Path } from './forecast-paths.ts'
import type { ForecastPrior } from './forecast-prior.ts'
import { countBySlot, slotOfDay, slotsAhead, slotsPerDay, type OffsetAt, type SlotCounts } from './forecast-slots.ts'
import type { RunWindow } from './runs.ts'
import type { TransgressionRule } from './transgression.ts'
import { phases, windowMs, type Phase } from './windows.ts'

/** A measurement that is under way. */
export interface RunningMeasurement {
  /** Its windows so far, oldest first, one of each instant. */
  readonly windows: readonly RunWindow[]
  /** Beginning of the first window that is still to come, UTC milliseconds. */
  readonly nextAt: number
  /** Phases of the unit; those that were measured unless given. */
  readonly phases?: readonly Phase[]
  /** The unit's clocks. */
  readonly offsetAt: OffsetAt
  /** What the unit's phases did in the week before it began; left out if not known. */
  readonly before?: readonly (WeekBefore | undefined)[]
  readonly voltageClass: VoltageClass
  /** Charge for use of the system (EUSD) of the month, R$; without it no money is forecast. */
  readonly eusdBrl?: number
}

/** How a measurement will probably come out for one limit. */
export interface LimitForecast {
  /** Windows used, of the phase that has most; and those that may be used. */
  readonly used: number
  readonly budget: number
  readonly usedByPhase: readonly number[]
  /** Share of the valid windows so far that used budget, by slot of the day (two hours each, from civil midnight), worst phase; null where nothing was measured. */
  readonly burnByTimeOfDay: readonly (number | null)[]
  /** That the limit is broken by the end, 0 to 1. */
  readonly probability: number
  /** Beginning of the window that broke it, UTC milliseconds; null while it holds. */
  readonly brokenAt: number | null
  /** When it breaks, if it does: median, and from when to when in four cases of five; null where it cannot or has. */
  readonly breaks: { readonly medianAt: number; readonly fromAt: number; readonly untilAt: number } | null
  /** Expected windows used at the end. */
  readonly expectedUsed: number
}

export interface Forecast {
  /** Valid windows so far, and how many are still missing. */
  readonly valid: number
  readonly remaining: number
  /** When the measurement will probably be complete, UTC milliseconds. */
  readonly completeAt: number
  readonly drp: LimitForecast
  readonly drc: LimitForecast
  /** Expected compensation of the month; null where the EUSD is not known. */
  readonly compensation: ExplainedMoney | null
}

/** Ways to go on that are tried: more change no probability by much. */
const defaultPaths = 400

/**
 * Forecasts a measurement from its bands so far.
 * @param rule   limits and coefficients in force
 * @param prior  what other units teach
 * @param seed   whole number; the same measurement and seed give the same forecast
 * @returns what holds at `nextAt`; costs some milliseconds
 */
export function forecastOf(
  measurement: RunningMeasurement,
  rule: Regulated<TransgressionRule>,
  prior: ForecastPrior,
  seed: number,
  paths = defaultPaths,
): Forecast {
  const { windows, nextAt, offsetAt, before } = measurement
  const { windows: whole, drpLimitPct, drcLimitPct } = rule.value
  const counted = firstValid(windows, whole)
  const validCount = counted.filter(({ invalid }) => invalid === undefined).length
  const remaining = whole - validCount
  const validShare = (validCount + 50) / (counted.length + 50)
  const budgets = { precarious: budgetOf(drpLimitPct, whole), critical: budgetOf(drcLimitPct, whole) }
  const there = phases.flatMap((phase, index) =>
    (measurement.phases?.includes(phase) ?? counted.some(({ bands }) => bands[index] != null)) ? [index] : [],
  )
  const bySlot = there.map((phase) => countBySlot(counted, phase, offsetAt))
  const precarious = bySlot.map((slots) => sum(slots, precariousOf))
  const critical = bySlot.map((slots) => sum(slots, criticalOf))
  const ahead = slotsAhead(nextAt, remaining === 0 ? 0 : Math.ceil((remaining + 6) / validShare), offsetAt)

  const ends =
    remaining === 0
      ? []
      : pathsOf(
          bySlot.map((counts, index) => ({
            precarious: precarious[index]!,
            critical: critical[index]!,
            latents: latentsOf(
              counts,
              before?.[there[index]!],
              ahead.map(({ slot }) => slot),
              prior,
            ),
          })),
          ahead,
          remaining,
          validShare,
          budgets,
          prior,
          paths,
          seed,
        )
  const limit = (kind: 'precarious' | 'critical', used: number[], of: (slot: SlotCounts) => number): LimitForecast =>
    limitForecast(
      ends.map((path) => path[kind]),
      used,
      budgets[kind],
      remaining,
      {
        brokenAt: brokenAt(counted, there, kind, budgets[kind]),
        burn: burnOf(bySlot[indexOfLargest(used)] ?? [], of),
      },
    )
  return {
    valid: validCount,
    remaining,
    completeAt: nextAt + Math.ceil(remaining / validShare) * windowMs,
    drp: limit('precarious', precarious, precariousOf),
    drc: limit('critical', critical, criticalOf),
    compensation: compensationOf(measurement, rule, ends, largest(precarious), largest(critical)),
  }
}

const precariousOf = ({ outside, critical }: SlotCounts): number => outside - critical
const criticalOf = ({ critical }: SlotCounts): number => critical

const sum = (slots: readonly SlotCounts[], of: (slot: SlotCounts) => number): number =>
  slots.reduce((total, slot) => total + of(slot), 0)

const largest = (values: readonly number[]): number => values.reduce((one, other) => Math.max(one, other), 0)

const indexOfLargest = (values: readonly number[]): number => values.indexOf(largest(values))

/** Windows that may lie in a band without violating: more than the limit's percentage violates. */
export const budgetOf = (limitPct: number, windows: number): number => Math.floor((limitPct * windows) / 100 + 1e-9)

/** Up to the window that makes the measurement complete. */
function firstValid(windows: readonly RunWindow[], most: number): readonly RunWindow[] {
  let valid = 0
  const end = windows.findIndex(({ invalid }) => invalid === undefined && ++valid === most)
  return end < 0 ? windows : windows.slice(0, end + 1)
}

/** Beginning of the window that took a phase past the budget; null if none did. */
function brokenAt(
  windows: readonly RunWindow[],
  there: readonly number[],
  kind: 'precarious' | 'critical',
  budget: number,
): number | null {
  const used = new Map(there.map((phase) => [phase, 0]))
  for (const { start, bands, invalid } of windows) {
    if (invalid !== undefined) continue
    for (const phase of there)
      if (bands[phase] === kind) {
        const now = used.get(phase)! + 1
        if (now > budget) return start
        used.set(phase, now)
      }
  }
  return null
}

function burnOf(slots: readonly SlotCounts[], of: (slot: SlotCounts) => number): (number | null)[] {
  const valid = new Array<number>(slotsPerDay).fill(0)
  const used = new Array<number>(slotsPerDay).fill(0)
  for (const counts of slots) {
    const slot = slotOfDay(counts.slot)
    valid[slot]! += counts.valid
    used[slot]! += of(counts)
  }
  return valid.map((windows, slot) => (windows === 0 ? null : used[slot]! / windows))
}

function limitForecast(
  ends: readonly Path['precarious'][],
  usedByPhase: readonly number[],
  budget: number,
  remaining: number,
  measured: { readonly brokenAt: number | null; readonly burn: (number | null)[] },
): LimitForecast {
  const used = largest(usedByPhase)
  const times = ends.map(({ brokenAt: at }) => at).filter((at) => at !== Infinity)
  times.sort((one, other) => one - other)
  const open = measured.brokenAt === null && used + remaining > budget
  return {
    used,
    budget,
    usedByPhase,
    burnByTimeOfDay: measured.burn,
    probability: measured.brokenAt !== null ? 1 : open ? times.length / ends.length : 0,
    brokenAt: measured.brokenAt,
    breaks:
      open && times.length > 0
        ? { medianAt: quantile(times, 0.5), fromAt: quantile(times, 0.1), untilAt: quantile(times, 0.9) }
        : null,
    expectedUsed: ends.length === 0 ? used : ends.reduce((total, { count }) => total + count, 0) / ends.length,
  }
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!

function compensationOf(
  { eusdBrl, voltageClass }: RunningMeasurement,
  { value: rule, validFrom, source }: Regulated<TransgressionRule>,
  ends: readonly Path[],
  precarious: number,
  critical: number,
): ExplainedMoney | null {
  if (eusdBrl === undefined) return null
  const excessPct = (kind: 'precarious' | 'critical', soFar: number, limitPct: number): number => {
    const counts = ends.length === 0 ? [soFar] : ends.map((path) => path[kind].count)
    return (
      counts.reduce((total, count) => total + Math.max(0, (100 * count) / rule.windows - limitPct), 0) / counts.length
    )
  }
  const drp = excessPct('precarious', precarious, rule.drpLimitPct)
  const drc = excessPct('critical', critical, rule.drcLimitPct)
  const k2 = rule.k2[voltageClass]
  const exactBrl = ((drp * rule.k1 + drc * k2) / 100) * eusdBrl
  return {
    amountBrl: truncatedToCents(exactBrl),
    exactBrl,
    formula:
      '(E[DRP − limit, where above it]/100·k1 + E[DRC − limit, where above it]/100·k2)·EUSD, over the ways in which the measurement may go on',
    inputs: { drpExcessPct: drp, drcExcessPct: drc, k1: rule.k1, k2, eusdBrl, paths: ends.length },
    rule: { validFrom, source },
  }
}
