import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { formatInstant } from '../../platform/wire/instant.ts'
import { qualityUsage, readQualityFlags, type QualityFlags } from './quality-flags.ts'
import { qualityReport } from './quality-report.ts'
import { measurementsOf, type RecordedMeasurement } from './recorded-measurements.ts'
import { readRecordedVoltage } from './recorded-voltage.ts'
import { FileError } from '../../platform/runtime/csv-file.ts'

/** What the command line stands on. */
export interface Surroundings {
  /** IANA zone of civil days. */
  readonly timeZone: string
  readonly input: Readable
}

/**
 * The command line `quality -- voltage`.
 * @returns what is to be printed: all, or nothing
 * @throws BadFlag where the command line is wrong, FileError where the file is
 */
export async function voltageQuality(args: readonly string[], { timeZone, input }: Surroundings): Promise<string> {
  const flags = readQualityFlags(args)
  if (!flags) return qualityUsage
  const measurements = await measured(flags, flags.csv === '-' ? input : createReadStream(flags.csv), timeZone)
  if (!flags.json) return qualityReport(measurements, flags.language)
  return `${JSON.stringify(
    measurements.map((measurement) => asJson(measurement, flags.explain)),
    null,
    2,
  )}\n`
}

async function measured(flags: QualityFlags, source: Readable, timeZone: string): Promise<RecordedMeasurement[]> {
  const intervalMs = flags.intervalS * 1_000
  const { dayOf } = civilDaysIn(timeZone)
  try {
    const recording = await readRecordedVoltage(source, intervalMs)
    const measurements: RecordedMeasurement[] = []
    for await (const measurement of measurementsOf(recording, { ...flags, intervalMs, dayOf }))
      measurements.push(measurement)
    return measurements
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`--csv ${flags.csv}: ${error.message}`)
    throw error
  }
}

function asJson({ start, end, valid, invalid, indicators, compensation }: RecordedMeasurement, explain: boolean) {
  const { nlp, nlc, drpPct, drcPct } = indicators
  return {
    start: formatInstant(start),
    end: formatInstant(end),
    ...{ valid, invalid, nlp, nlc, drp: drpPct, drc: drcPct },
    compensation: explain ? compensation : (compensation?.amountBrl ?? null),
  }
}
