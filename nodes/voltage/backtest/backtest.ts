import { createReadStream } from 'node:fs'
import { machineClock } from '../../../platform/clock/clock.ts'
import { populationPrior } from '../domain/population-prior.ts'
import { transgressionOn } from '../domain/transgression.ts'
import { windowMs } from '../domain/windows.ts'
import { readRecordedVoltage } from '../recorded-voltage.ts'
import { FileError } from '../../../platform/runtime/csv-file.ts'
import { backtestUsage, readBacktestFlags, type BacktestFlags } from './backtest-flags.ts'
import { backtestReport } from './backtest-report.ts'
import type { Case } from './case.ts'
import { judge, trialsOf, type DayTrials, type Judgement } from './judgement.ts'
import { learnPrior } from './learn-prior.ts'
import { testCases, trainingPhases, trainingSeed } from './population.ts'
import { laterBy, recordedCases, seriesOf, type RecordedSeries } from './recorded-year.ts'

/** A set of measurements, and how their forecasts did day by day. */
export interface Backtest {
  readonly of: string
  readonly measurements: number
  readonly drp: readonly Judgement[]
  readonly drc: readonly Judgement[]
  /** What a forecast took, ms; changes from run to run. */
  readonly forecastMs: number
}

const everyDay = [1, 2, 3, 4, 5, 6]
/** The day that the targets are set for. */
const targetDay = [3]
const hourMs = 3_600_000
const learningRounds = 4

/**
 * The command line `quality -- backtest`.
 * @returns what is to be printed
 * @throws BadFlag where the command line is wrong, FileError where the file is
 */
export async function backtest(args: readonly string[]): Promise<string> {
  const flags = readBacktestFlags(args)
  if (!flags) return backtestUsage
  if (flags.learn !== undefined) return learnt(flags.learn)
  const simulated = { of: `${flags.units} simulated units`, cases: testCases(flags.units, flags.seed), days: everyDay }
  const results = [
    backtestOf(simulated, flags.seed),
    ...(flags.csv === undefined ? [] : await ofRecording(flags, flags.csv)),
  ]
  return flags.json ? `${JSON.stringify(results, null, 2)}\n` : backtestReport(results, populationPrior.source)
}

/** Measurements of one kind, and after which of their days they are forecast. */
export interface CaseSet {
  readonly of: string
  readonly cases: readonly Case[]
  readonly days: readonly number[]
}

/** Forecasts that were made, and what they took. */
interface Tried {
  readonly of: string
  readonly measurements: number
  readonly trials: readonly DayTrials[]
  readonly forecastMs: number
}

/** Forecasts all of these and holds them against what came. */
export const backtestOf = (set: CaseSet, seed: number): Backtest => judged(tried(set, seed))

function tried({ of, cases, days }: CaseSet, seed: number): Tried {
  const began = machineClock.now()
  const trials = trialsOf(cases, days, populationPrior, seed)
  const forecastMs = (machineClock.now() - began) / (cases.length * days.length)
  return { of, measurements: cases.length, trials, forecastMs }
}

const judged = ({ of, measurements, trials, forecastMs }: Tried): Backtest => ({
  ...{ of, measurements, forecastMs },
  drp: trials.map(({ day, drp }) => judge(day, drp)),
  drc: trials.map(({ day, drc }) => judge(day, drc)),
})

/** Sets of the same days as one. */
const together = (of: string, sets: readonly Tried[]): Tried => ({
  of,
  measurements: sets.reduce((sum, set) => sum + set.measurements, 0),
  trials: sets[0]!.trials.map(({ day }, index) => ({
    day,
    drp: sets.flatMap(({ trials }) => trials[index]!.drp),
    drc: sets.flatMap(({ trials }) => trials[index]!.drc),
  })),
  forecastMs: sets.reduce((sum, set) => sum + set.forecastMs, 0) / sets.length,
})

/** Consecutive measurements at each level and all together; and, to have more, those that begin on every day: they overlap. */
async function ofRecording({ levels, referenceV, offsetHours, seed }: BacktestFlags, csv: string): Promise<Backtest[]> {
  const whole = transgressionOn('2026-01-01').value.windows
  const series = await readSeries(csv)
  const casesAt = (level: number, day: number): Case[] =>
    recordedCases(laterBy(series, day), level, referenceV, whole, offsetHours * hourMs)
  if (casesAt(levels[0]!, 0).length === 0) throw new FileError(`--csv ${csv}: is shorter than two measurements`)
  const consecutive = levels.map((level) =>
    tried({ of: `the recording at ${level}`, cases: casesAt(level, 0), days: everyDay }, seed),
  )
  const overlapping = [0, 1, 2, 3, 4, 5, 6].flatMap((day) => levels.flatMap((level) => casesAt(level, day)))
  return [
    ...consecutive.map(judged),
    judged(together('the recording at all levels', consecutive)),
    backtestOf({ of: 'the recording at all levels, begun on every day', cases: overlapping, days: targetDay }, seed),
  ]
}

async function readSeries(csv: string): Promise<RecordedSeries> {
  try {
    return await seriesOf(await readRecordedVoltage(createReadStream(csv), windowMs))
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`--csv ${csv}: ${error.message}`)
    throw error
  }
}

/** The prior of so many simulated units, as data. */
function learnt(units: number): string {
  const source = `${units} simulated units, seeds from ${trainingSeed} on`
  const prior = learnPrior(trainingPhases(units), populationPrior, learningRounds, source)
  return `${JSON.stringify(prior, (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(3)) : value), 2)}\n`
}
