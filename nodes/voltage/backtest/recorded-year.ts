import { bandLimitsOf, classify } from '../domain/bands.ts'
import type { RunWindow } from '../domain/runs.ts'
import { windowMs } from '../domain/windows.ts'
import type { RecordedVoltage } from '../recorded-voltage.ts'
import { weekBeforeOf } from '../domain/forecast-latents.ts'
import type { Case } from './case.ts'

const perDay = (24 * 3_600_000) / windowMs

const missing = { reason: 'coverage', evidence: { coverage: 0 } } as const

/** A recording's first voltage column, by window; null where it is missing. */
export interface RecordedSeries {
  readonly start: number
  readonly volts: readonly (number | null)[]
}

/** @throws FileError where the recording cannot be read, RangeError where it is too short */
export async function seriesOf({ phases, rows }: RecordedVoltage): Promise<RecordedSeries> {
  const column = phases[0] === 'C' ? 2 : phases[0] === 'B' ? 1 : 0
  const volts: (number | null)[] = []
  let start: number | undefined
  for await (const row of rows) {
    start ??= row.start
    volts[(row.start - start) / windowMs] = row.volts[column]
  }
  if (start === undefined) throw new RangeError('the recording has no rows')
  return { start, volts: Array.from(volts, (value) => value ?? null) }
}

/** The same without its first days. */
export const laterBy = ({ start, volts }: RecordedSeries, days: number): RecordedSeries => ({
  start: start + days * perDay * windowMs,
  volts: volts.slice(days * perDay),
})

/**
 * A recording at another level, cut into consecutive measurements, each with the week before it.
 * @param level     voltages are multiplied by it
 * @param whole     valid windows of a measurement
 * @param offsetMs  of the recording's clocks from UTC
 */
export function recordedCases(
  { start, volts }: RecordedSeries,
  level: number,
  referenceV: number,
  whole: number,
  offsetMs: number,
): Case[] {
  const limits = bandLimitsOf(referenceV, '2026-01-01')
  const windows = volts.map((value, index): RunWindow => {
    const at = start + index * windowMs
    if (value === null) return { start: at, bands: [null, null, null], invalid: missing }
    return { start: at, bands: [classify(value * level, limits), null, null] }
  })
  const cases: Case[] = []
  for (let begin = whole; ;) {
    const end = endOf(windows, begin, whole)
    if (end === undefined) return cases
    cases.push({
      name: `${new Date(windows[begin]!.start).toISOString().slice(0, 10)} at ${level}`,
      windows: windows.slice(begin, end),
      before: weekBeforeOf(windows.slice(begin - whole, begin)),
      offsetAt: () => offsetMs,
    })
    begin = end
  }
}

/** Behind the window that makes a measurement complete; undefined where the recording ends before. */
function endOf(windows: readonly RunWindow[], begin: number, whole: number): number | undefined {
  let valid = 0
  for (let index = begin; index < windows.length; index++)
    if (windows[index]!.invalid === undefined && ++valid === whole) return index + 1
  return undefined
}
