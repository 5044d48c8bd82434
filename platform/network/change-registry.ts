import { createHash } from 'node:crypto'
import { DatabaseError, type PoolClient } from 'pg'
import { conflict, faultOf, notFound, Problem, titleOf } from '../http/problem.ts'
import type { Database } from '../storage/database.ts'
import { describeFault, type Fault, ImportError } from './import/faults.ts'
import { againstDeadlocks, importTables, type ImportResult } from './import/import.ts'
import { lockImports } from './import/repository.ts'
import type { TableName, Tables } from './import/tables.ts'
import { columnOf, fieldOf, type RecordKind, type RegistryRecord } from './record-kinds.ts'
import { queriesOf } from '../storage/queries.ts'
import { findRecord, removeRecord, tablesNaming } from './record-repository.ts'

/**
 * Changes of the registry, record by record. Each is an import of one line: what makes a file wrong makes a request wrong.
 */

/** @throws Problem 409 where there is one; 400 for what an import would refuse */
export function createRecord(database: Database, kind: RecordKind, given: RegistryRecord): Promise<RegistryRecord> {
  const id = given[kind.idField] as string
  return changing(database, async (client) => {
    if (await findRecord(queriesOf(client), kind.table, id)) throw conflict(`there is a ${kind.noun} ${id} already`)
    await importLine(client, kind.table, given)
    return (await findRecord(queriesOf(client), kind.table, id))!
  })
}

/** @throws Problem 404; 409 where its version is another one by now; 400 for what an import would refuse */
export function changeRecord(
  database: Database,
  kind: RecordKind,
  id: string,
  given: RegistryRecord,
): Promise<{ before: RegistryRecord; after: RegistryRecord }> {
  const { version, ...change } = given
  return changing(database, async (client) => {
    const before = await findRecord(queriesOf(client), kind.table, id)
    if (!before) throw notFound(kind.noun, `path.${kind.idField}`, id)
    checkVersion(before, version as string | undefined)
    // Whole: an import lets in a device that waits, unless told otherwise.
    await importLine(client, kind.table, { ...before, ...change })
    return { before, after: (await findRecord(queriesOf(client), kind.table, id))! }
  })
}

/** @throws Problem 404; 409 where something names it, or its version is another one by now */
export function deleteRecord(
  database: Database,
  kind: RecordKind,
  id: string,
  version: string | undefined,
): Promise<void> {
  return changing(database, async (client) => {
    const queries = queriesOf(client)
    const record = await findRecord(queries, kind.table, id)
    if (!record) throw notFound(kind.noun, `path.${kind.idField}`, id)
    checkVersion(record, version)
    const naming = await tablesNaming(queries, kind.table, id)
    if (naming.length > 0) throw inUse(kind, id, naming)
    await removeRecord(queries, kind.table, id)
  })
}

/** Imports one line, given by fields. */
export async function importLine(client: PoolClient, table: TableName, fields: object): Promise<ImportResult> {
  const cells = Object.fromEntries(Object.entries(fields).map(([field, value]) => [columnOf(field), value]))
  const line = { file: 'body', columns: Object.keys(cells), lines: [{ line: 1, cells }], complete: true }
  return importTables(client, { [table]: line } as Tables)
}

/** Runs a change alone among imports and other changes, and puts what is wrong with it into the API's words. */
export async function changing<T>(database: Database, work: (client: PoolClient) => Promise<T>): Promise<T> {
  try {
    return await againstDeadlocks(() =>
      database.transaction(async (client) => {
        await lockImports(client)
        return work(client)
      }),
    )
  } catch (error) {
    if (error instanceof ImportError)
      throw badImport(inFields(error), ({ column }) => (column ? `body.${column}` : 'body'))
    // Somebody made something that refers to it in the same instant.
    if (error instanceof DatabaseError && error.code === '23503') throw conflict('something refers to it by now')
    throw error
  }
}

/** 400 for what an import refuses. @param placeOf  where a fault stands in the request */
export function badImport({ faults, count }: ImportError, placeOf: (fault: Fault) => string): Problem {
  const shown = faults.slice(0, 20)
  const rest = count - shown.length
  const told = shown.map((fault) => describeFault(fault).replace(/^body( line 1)?: /, ''))
  return new Problem(400, titleOf(400), {
    detail: [...told, ...(rest > 0 ? [`… and ${rest} more`] : [])].join('; '),
    errors: shown.map((fault) => faultOf(placeOf(fault), fault.value, fault.problem)),
  })
}

/** With the columns called as the API calls them. */
const inFields = ({ faults, count }: ImportError): ImportError =>
  new ImportError(
    faults.map((fault) => ({ ...fault, ...(fault.column !== undefined && { column: fieldOf(fault.column) }) })),
    count,
  )

/** Names a state of a record. */
export const versionOf = (record: object): string =>
  createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 16)

export function checkVersion(record: object, version: string | undefined): void {
  const now = versionOf(record)
  if (version !== undefined && version !== now)
    throw conflict(`somebody changed it meanwhile: its version is ${now}, not ${version}`)
}

const inUse = ({ noun }: RecordKind, id: string, naming: readonly string[]): Problem =>
  conflict(`the ${noun} ${id} is named by: ${naming.map((table) => table.replaceAll('_', ' ')).join(', ')}`)
