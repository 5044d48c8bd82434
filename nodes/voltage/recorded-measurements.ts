import type { ExplainedMoney } from '../../platform/regulation/money.ts'
import { NoRule } from '../../platform/regulation/regulated.ts'
import { bandLimitsOf, type BandLimits } from './domain/bands.ts'
import type { VoltageClass } from '../../platform/regulation/voltage-class.ts'
import { compensationOf } from './domain/compensation.ts'
import { disturbanceOn, disturbanceReachMs, type DisturbanceRule } from './domain/disturbances.ts'
import { indicatorsOf, type VoltageIndicators } from './domain/indicators.ts'
import { Runs, type Run } from './domain/runs.ts'
import { transgressionOn } from './domain/transgression.ts'
import type { VoltageSample } from './domain/sample.ts'
import { missingWindow, usualChoices, windowMs, windowsOf, windowStart, type VoltageWindow } from './domain/windows.ts'
import { type RecordedVoltage } from './recorded-voltage.ts'
import { FileError } from '../../platform/runtime/csv-file.ts'

/** What measurements of a recording go by. */
export interface MeasuredBy {
  readonly referenceV: number
  readonly voltageClass: VoltageClass
  readonly eusdBrl: number | undefined
  readonly intervalMs: number
  readonly leastCoverage: number
  /** The civil day of an instant (UTC milliseconds), `YYYY-MM-DD`. */
  dayOf(instant: number): string
}

/** A run of windows with what it says. */
export interface RecordedMeasurement extends Run {
  readonly complete: boolean
  readonly indicators: VoltageIndicators
  /** Null where no EUSD is given. */
  readonly compensation: ExplainedMoney | null
}

/**
 * The measurements of a recording, consecutive runs of valid windows; the last may be incomplete. Of the recording no more is
 * held than a window and a few minutes around it.
 * @throws FileError, UnknownVoltage
 */
export async function* measurementsOf(recording: RecordedVoltage, by: MeasuredBy): AsyncGenerator<RecordedMeasurement> {
  let runs: Runs | undefined
  for await (const window of windowsIn(recording, by)) {
    runs ??= new Runs(transgressionOn(by.dayOf(window.start)).value.windows)
    const run = runs.add(window)
    if (run) yield measurementOf(run, true, by)
  }
  if (runs?.unfinished) yield measurementOf(runs.unfinished, false, by)
}

/** The windows that rows were recorded in, one after the other; those without any value are invalid. */
async function* windowsIn({ phases, rows }: RecordedVoltage, by: MeasuredBy): AsyncGenerator<VoltageWindow> {
  let samples: VoltageSample[] = []
  const open: OpenWindow[] = []

  function* closeBefore(at: number): Generator<VoltageWindow> {
    while (open.length > 0 && open[0]!.start + windowMs + open[0]!.reachMs <= at) {
      const { start, reachMs, limits, disturbance } = open.shift()!
      const rules = { ...by, limitsAt: () => limits, phases, disturbance, choices: usualChoices }
      yield windowsOf(samples, rules, start, start + windowMs)[0] ?? missingWindow(start)
      const needed = Math.min(open[0]?.start ?? Infinity, windowStart(at)) - (open[0]?.reachMs ?? reachMs)
      samples = samples.filter((sample) => sample.at > needed)
    }
  }

  for await (const { line, start: at, volts } of rows) {
    yield* closeBefore(at)
    const start = windowStart(at)
    if (open.at(-1)?.start !== start) open.push(openedOn(by, start, line))
    samples.push({ at: at + by.intervalMs, intervalMs: by.intervalMs, volts })
  }
  yield* closeBefore(Infinity)
}

/** A window that rows are still read for, with the rules of its day. */
interface OpenWindow {
  readonly start: number
  readonly limits: BandLimits
  readonly disturbance: DisturbanceRule
  /** What is a disturbance is seen in the rows so far around it, where they are fine enough to show any, ms. */
  readonly reachMs: number
}

function openedOn({ referenceV, intervalMs, dayOf }: MeasuredBy, start: number, line: number): OpenWindow {
  try {
    const day = dayOf(start)
    const limits = bandLimitsOf(referenceV, day)
    const disturbance = disturbanceOn(day).value
    const reachMs = intervalMs > disturbance.finestMs ? 0 : disturbanceReachMs(disturbance)
    return { start, limits, disturbance, reachMs }
  } catch (error) {
    if (error instanceof NoRule) throw new FileError(`line ${line}: ${error.message}`)
    throw error
  }
}

function measurementOf(run: Run, complete: boolean, { dayOf, voltageClass, eusdBrl }: MeasuredBy): RecordedMeasurement {
  const day = dayOf(run.end - 1)
  const indicators = indicatorsOf(run, day)
  const { drpPct, drcPct } = indicators
  const compensation = eusdBrl === undefined ? null : compensationOf({ drpPct, drcPct, voltageClass, eusdBrl, day })
  return { ...run, complete, indicators, compensation }
}
