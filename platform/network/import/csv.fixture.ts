import type { ImportFile } from './csv-text.ts'
import { dayStartsIn } from '../../clock/civil-day.ts'
import { describeFault, Faults, ImportError } from './faults.ts'
import { readTables, type Tables } from './tables.ts'

/** A file of these lines. */
export const file = (name: string, ...lines: readonly string[]): ImportFile => ({
  name,
  bytes: new TextEncoder().encode(lines.join('\n')),
})

/** The faults collected so far, as people read them. */
export function told(faults: Faults): string[] {
  try {
    faults.check()
    return []
  } catch (error) {
    if (error instanceof ImportError) return error.faults.map(describeFault)
    throw error
  }
}

export const dayStart = dayStartsIn('America/Sao_Paulo')

/** Tables of files that must be faultless by themselves. */
export function tablesOf(...files: readonly ImportFile[]): Tables {
  const faults = new Faults()
  const tables = readTables(files, dayStart, faults)
  faults.check()
  return tables
}
