import { DatabaseError, type PoolClient } from 'pg'
import { platformClock } from '../../clock/clock.ts'
import type { Database } from '../../storage/database.ts'
import { mergeAssignments, type AssignmentChanges } from './assignments.ts'
import { elementNames, elementTables, type ElementTable, mergeElements, type MergedElements } from './elements.ts'
import { addElements, changeElements } from './element-repository.ts'
import { queriesOf } from '../../storage/queries.ts'
import { withinChecks } from '../registry-check.ts'
import { dayStartsIn } from '../../clock/civil-day.ts'
import type { ImportFile } from './csv-text.ts'
import { Faults } from './faults.ts'
import { mergeNetwork, type MergedNetwork } from './merge.ts'
import type { Assignment, Period } from './network.ts'
import { checkReferences, namedIn } from './references.ts'
import {
  lockImports,
  readKnown,
  removeAssignments,
  writeAssignments,
  writeConjuntos,
  writeDevices,
  writeFeeders,
  writeServices,
  writeSites,
  writeUnits,
} from './repository.ts'
import { readTables, type TableName, tableNames, tableOf, type Tables } from './tables.ts'

export interface ImportOptions {
  /** IANA zone in which a day of the files begins. */
  readonly timeZone: string
  /** Does everything and takes it back. */
  readonly dryRun?: boolean
  /** Told how many rows of a table are written. */
  readonly progress?: (table: TableName, done: number, total: number) => void
}

export interface ImportedTable {
  readonly table: TableName
  readonly added: number
  readonly changed: number
  readonly unchanged: number
}

/** What an import did, or would have done. */
export interface ImportResult {
  /** A row for each file. */
  readonly tables: readonly ImportedTable[]
  /** Devices that awaited approval and have it now. */
  readonly activated: readonly string[]
  /** Devices that somebody rejected and the files do not let in. */
  readonly stillRejected: readonly string[]
  /** Meter assignments that ended because another one began. */
  readonly closed: readonly Assignment[]
  /** Elements of the network that are no longer as they were, since they are told otherwise from then on. */
  readonly ended: readonly EndedElement[]
}

export interface EndedElement {
  /** As `switch sw-001`. */
  readonly element: string
  /** UTC milliseconds. */
  readonly valid_to: number
}

/**
 * Imports the network from CSV files, one a table, by their names: everything or, where anything is wrong, nothing.
 * What the files say replaces what was registered, whoever registered it; what they do not name stays as it is. Doing
 * it again changes nothing.
 * @throws ImportError with every fault of every file
 * @throws Problem 409 where an area finds that what the files ask for does not go
 * @throws DatabaseUnavailable where the database is away; nothing is imported
 */
export async function importNetwork(
  database: Database,
  files: readonly ImportFile[],
  options: ImportOptions,
): Promise<ImportResult> {
  const inOrder = tableNames.flatMap((table) => files.filter(({ name }) => tableOf(name) === table))
  const faults = new Faults(inOrder.map(({ name }) => name))
  const tables = readTables(files, dayStartsIn(options.timeZone), faults)
  return againstDeadlocks(() =>
    inTransaction(database, options.dryRun ?? false, (client) =>
      importTables(client, tables, faults, options.progress),
    ),
  )
}

/** First contacts write the same tables in an order of their own: what stands against them is tried three times. */
export async function againstDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 3 || !isDeadlock(error)) throw error
    }
  }
}

/**
 * Imports tables that were read already, in the given transaction.
 * @throws ImportError with every fault; the transaction is then to be rolled back
 */
export async function importTables(
  client: PoolClient,
  tables: Tables,
  faults: Faults = new Faults(),
  progress: NonNullable<ImportOptions['progress']> = () => undefined,
): Promise<ImportResult> {
  await lockImports(client)
  const known = await readKnown(client, namedIn(tables))
  const merged = mergeNetwork(tables, known, faults)
  checkReferences(tables, merged, known, faults)
  const meters = mergeAssignments(tables.meters, known.assignments, faults)
  const elements = mergeElements(tables, known, faults)
  faults.check()
  const writing = (): Promise<void> => write(client, merged, meters, elements, progress)
  const isSteered = [merged.feeders, merged.sites, merged.devices].some(({ toWrite }) => toWrite.length > 0)
  await (isSteered ? withinChecks(queriesOf(client), writing) : writing())
  const changes = { ...merged, ...elements, meters }
  return {
    tables: tableNames
      .filter((table) => tables[table] !== undefined)
      .map((table) => {
        const { added, changed, unchanged } = changes[table]
        return { table, added, changed, unchanged }
      }),
    activated: merged.activated,
    stillRejected: merged.stillRejected,
    closed: meters.closed,
    ended: elementTables.flatMap((table) => endedIn(table, elements)),
  }
}

function endedIn(table: ElementTable, elements: MergedElements): EndedElement[] {
  const { id, noun } = elementNames[table]
  return elements[table].closed.map((period) => ({
    element: `${noun} ${(period as unknown as Record<string, string>)[id]}`,
    valid_to: period.valid_to,
  }))
}

async function write(
  client: PoolClient,
  { feeders, sites, conjuntos, devices, units, services }: MergedNetwork,
  meters: AssignmentChanges,
  elements: MergedElements,
  progress: NonNullable<ImportOptions['progress']>,
): Promise<void> {
  async function inPortions<Row>(
    table: TableName,
    rows: readonly Row[],
    writeRows: (client: PoolClient, rows: readonly Row[]) => Promise<void>,
    portion = 2_000,
  ): Promise<void> {
    for (let done = 0; done < rows.length; done += portion) {
      await writeRows(client, rows.slice(done, done + portion))
      progress(table, Math.min(done + portion, rows.length), rows.length)
    }
  }
  await inPortions('feeders', feeders.toWrite, writeFeeders, Infinity)
  await inPortions('sites', sites.toWrite, writeSites)
  await inPortions('conjuntos', conjuntos.toWrite, writeConjuntos)
  const now = platformClock.now()
  await inPortions('devices', devices.toWrite, (client, rows) => writeDevices(client, rows, now))
  await inPortions('units', units.toWrite, writeUnits)
  // All that ends goes first: periods may not overlap even for a moment.
  if (meters.toRemove.length > 0) await removeAssignments(client, meters.toRemove)
  await inPortions('meters', meters.toWrite, writeAssignments)
  for (const table of elementTables) {
    const changes: readonly { was: Period | undefined; now: Period }[] = elements[table].changes
    const [known, added] = [changes.filter(({ was }) => was), changes.filter(({ was }) => !was)]
    if (known.length > 0) await changeElements(client, table, nowOf(known))
    await inPortions(table, nowOf(added), (client, rows) => addElements(client, table, rows))
  }
  await inPortions('services', services.toWrite, writeServices)
}

const nowOf = (changes: readonly { readonly now: Period }[]): Period[] => changes.map(({ now }) => now)

/** Takes a transaction back that has done its work. */
class TakenBack<T> extends Error {
  readonly result: T

  constructor(result: T) {
    super('taken back')
    this.result = result
  }
}

async function inTransaction<T>(
  database: Database,
  dryRun: boolean,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  try {
    return await database.transaction(async (client) => {
      const result = await work(client)
      if (dryRun) throw new TakenBack(result)
      return result
    })
  } catch (error) {
    if (error instanceof TakenBack) return (error as TakenBack<T>).result
    throw error
  }
}

const isDeadlock = (error: unknown): boolean => error instanceof DatabaseError && error.code === '40P01'
