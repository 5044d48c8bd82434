import { Faults, ImportError, type Fault } from '../../../platform/network/import/faults.ts'
import type { AlarmDefinition } from '../domain/definition.ts'
import { scopeKey } from '../domain/master-table.ts'
import { differencesOf, nothingChanged, shippedDefinition, type TableChange } from '../domain/table-overrides.ts'
import { ImpossibleTable } from './change-table.ts'
import type { StoredTable } from './stored-table.ts'
import { columnOfField, readTable, type TableLine } from './table-csv.ts'

const file = 'body'

/** What a file would make of the table: the whole of it stands in the file. */
export interface TableImport {
  /** @throws ImportError where the file lacks an entry that is shipped */
  decide(before: StoredTable): TableChange
  /** Runs a change of it; what cannot be is told by line and column. @throws ImportError */
  byLine<T>(work: () => Promise<T>): Promise<T>
}

/** @throws ImportError where it cannot be read, every fault by its line */
export function importOf(bytes: Uint8Array): TableImport {
  const faults = new Faults()
  const lines = readTable({ name: file, bytes }, faults)
  faults.check()
  const lineOf = new Map(lines.map(({ line, definition }) => [scopeKey(definition.scope), line]))
  return {
    decide: (before) => changeTo(lines, before),
    async byLine(work) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof ImpossibleTable)) throw error
        throw importError(error, lineOf)
      }
    },
  }
}

function changeTo(lines: readonly TableLine[], { table, given, entries }: StoredTable): TableChange {
  const definitions = new Map<string, AlarmDefinition | null>()
  const standing = new Map(table.definitions.map((definition) => [scopeKey(definition.scope), definition]))
  for (const { definition } of lines) {
    const key = scopeKey(definition.scope)
    if (isSame(definition, standing.get(key))) continue
    definitions.set(key, isSame(definition, given.get(key)) ? null : definition)
  }
  const named = new Set(lines.map(({ definition }) => scopeKey(definition.scope)))
  const faults = new Faults()
  for (const key of standing.keys()) {
    if (named.has(key)) continue
    if (shippedDefinition(key))
      faults.add({
        file,
        problem: `lacks the entry ${key}, which is shipped: keep it, and set enabled to false instead`,
      })
    // A rule that came after the file was written stays what its node says.
    if (entries.has(key)) definitions.set(key, null)
  }
  faults.check()
  return { ...nothingChanged, definitions }
}

const isSame = (one: AlarmDefinition, other: AlarmDefinition | undefined): boolean =>
  other !== undefined && differencesOf(one, other).length === 0

function importError({ faults }: ImpossibleTable, lineOf: ReadonlyMap<string, number>): ImportError {
  const told = faults.map(({ of, field, value, problem }): Fault => {
    const [line, column] = [lineOf.get(of), columnOfField(field)]
    return {
      file,
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column, value: String(value ?? '') }),
      problem: line === undefined ? `${of} ${field} ${problem}` : problem,
    }
  })
  return new ImportError(told.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0)))
}
