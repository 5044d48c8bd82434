import { createReadStream } from 'node:fs'
import { machineClock } from '../../../platform/clock/clock.ts'
import { populationPrior } from '../domain/population-prior.ts'
import { transgressionOn } from '../domain/transgression.ts'
import { readRecordedVoltage, RecordingError } from '../recorded-voltage.ts'
import { backtestUsage, readBacktestFlags, type BacktestFlags } from './backtest-flags.ts'
import { backtestReport } from './backtest-report.ts'
import type { Case } from './case.ts'
import { judge, trialsOf, type Judgement } from './judgement.ts'
import { learnPrior } from './learn-prior.ts'
import { testCases, trainingPhases, trainingSeed } from './population.ts'
import { recordedCases, seriesOf } from './recorded-year.ts'

/** A set of measurements, and how their forecasts did day by day. */
export interface Backtest {
  readonly of: string
  readonly measurements: number
  readonly drp: readonly Judgement[]
  readonly drc: readonly Judgement[]
  /** What a forecast took, ms; changes from run to run. */
  readonly forecastMs: number
}

const days = [1, 2, 3, 4, 5, 6]
const windowMs = 600_000
const hourMs = 3_600_000
const learningRounds = 4

/**
 * The command line `quality -- backtest`.
 * @returns what is to be printed
 * @throws BadFlag where the command line is wrong, RecordingError where the file is
 */
export async function backtest(args: readonly string[]): Promise<string> {
  const flags = readBacktestFlags(args)
  if (!flags) return backtestUsage
  if (flags.learn !== undefined) return learnt(flags.learn)
  const sets = [{ of: `${flags.units} simulated units`, cases: testCases(flags.units, flags.seed) }]
  if (flags.csv !== undefined) sets.push(...(await recordedSets(flags)))
  const results = sets.map(({ of, cases }) => backtestOf(of, cases, flags.seed))
  return flags.json ? `${JSON.stringify(results, null, 2)}\n` : backtestReport(results, populationPrior.source)
}

/** Forecasts all of these and holds them against what came. */
export function backtestOf(of: string, cases: readonly Case[], seed: number): Backtest {
  const began = machineClock.now()
  const trials = trialsOf(cases, days, populationPrior, seed)
  const forecastMs = (machineClock.now() - began) / (cases.length * days.length)
  return {
    of,
    measurements: cases.length,
    drp: trials.map(({ day, drp }) => judge(day, drp)),
    drc: trials.map(({ day, drc }) => judge(day, drc)),
    forecastMs,
  }
}

async function recordedSets(flags: BacktestFlags): Promise<{ of: string; cases: Case[] }[]> {
  const { csv = '-', levels, referenceV, offsetHours } = flags
  const whole = transgressionOn('2026-01-01').value.windows
  const series = await (async () => {
    try {
      return await seriesOf(await readRecordedVoltage(createReadStream(csv), windowMs))
    } catch (error) {
      if (error instanceof RecordingError) throw new RecordingError(`--csv ${csv}: ${error.message}`)
      throw error
    }
  })()
  const sets = levels.map((level) => ({
    of: `the recording at ${level}`,
    cases: recordedCases(series, level, referenceV, whole, offsetHours * hourMs),
  }))
  if (sets[0]!.cases.length === 0) throw new RecordingError(`--csv ${csv}: is shorter than two measurements`)
  return [...sets, { of: 'the recording at all levels', cases: sets.flatMap(({ cases }) => cases) }]
}

/** The prior of so many simulated units, as data. */
function learnt(units: number): string {
  const source = `${units} simulated units, seeds from ${trainingSeed} on`
  const prior = learnPrior(trainingPhases(units), populationPrior, learningRounds, source)
  return `${JSON.stringify(prior, (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(3)) : value), 2)}\n`
}
