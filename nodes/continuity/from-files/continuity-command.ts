import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { civilDaysIn, type CivilDays } from '../../../platform/clock/civil-day.ts'
import { FileError } from '../../../platform/runtime/csv-file.ts'
import { continuityUsage, readContinuityFlags, type ContinuityFlags } from './continuity-flags.ts'
import { continuityJson } from './continuity-json.ts'
import { continuityReport } from './continuity-report.ts'
import { conjuntoMonthsOf, unitMonthsOf } from './file-month.ts'
import type { MonthFiles } from './judged-month.ts'
import { readInterruptions } from './interruption-file.ts'
import { readLimitRows, readLimits } from './limit-file.ts'
import { readUnits } from './unit-file.ts'

/** What the command line stands on. */
export interface Surroundings {
  /** IANA zone of conjuntos without one. */
  readonly timeZone: string
  readonly input: Readable
}

/**
 * The command line `quality -- continuity`.
 * @returns what is to be printed, bit by bit: nothing of it can fail any more
 * @throws BadFlag where the command line is wrong, FileError where a file is
 */
export async function continuityQuality(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<Iterable<string>> {
  const flags = readContinuityFlags(args)
  if (!flags) return [continuityUsage]
  const files = await readFiles(flags, surroundings)
  const conjuntos = conjuntoMonthsOf(files, unitMonthsOf(files))
  // Units are worked out twice, rather than kept: there may be very many.
  if (!flags.json) return [continuityReport(conjuntos, unitMonthsOf(files), flags.language)]
  const head = {
    ...{ month: flags.month, chosen: flags.chosen, facts: files.interruptions.facts },
    rounding: flags.choices['continuity-dec-fec-rounding'],
  }
  return continuityJson(head, conjuntos, unitMonthsOf(files))
}

async function readFiles(flags: ContinuityFlags, { timeZone, input }: Surroundings): Promise<MonthFiles> {
  const { month, until, choices } = flags
  const read = <T>(name: 'csv' | 'units' | 'limits' | 'rows', reader: (source: Readable) => Promise<T>): Promise<T> =>
    named(name, flags[name]!, input, reader)
  const { units, zones } = await read('units', readUnits)
  const year = Number(month.slice(0, 4))
  const conjuntos = flags.limits === undefined ? new Map() : await read('limits', (source) => readLimits(source, year))
  const rows = flags.rows === undefined ? [] : await read('rows', readLimitRows)
  const zoneOf = (conjuntoId: string): string => zones.get(conjuntoId) ?? timeZone
  const dayOf = civilDays(zoneOf)
  const interruptions = await read('csv', (source) => readInterruptions(source, units, dayOf))
  return { month, units: [...units.values()], interruptions, conjuntos, rows, zoneOf, until, choices }
}

function civilDays(zoneOf: (conjuntoId: string) => string): (conjuntoId: string, instant: number) => string {
  const known = new Map<string, CivilDays>()
  return (conjuntoId, instant) => {
    const zone = zoneOf(conjuntoId)
    const days = known.get(zone) ?? civilDaysIn(zone)
    known.set(zone, days)
    return days.dayOf(instant)
  }
}

async function named<T>(
  name: string,
  file: string,
  input: Readable,
  reader: (source: Readable) => Promise<T>,
): Promise<T> {
  try {
    return await reader(file === '-' ? input : createReadStream(file))
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`--${name} ${file}: ${error.message}`)
    throw error
  }
}
