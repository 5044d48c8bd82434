import { roles } from '../../../platform/access/roles.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { mostEntries, tableFaults, type TableFault } from '../domain/table-faults.ts'
import { afterChange, effectiveRows, type TableChange } from '../domain/table-overrides.ts'
import { storedTable, type StoredTable } from './stored-table.ts'
import { insertChange, insertVersion, newestVersion, type TableVersion } from './table-repository.ts'

/** Somebody else changed the table since the version that a change is based on. */
export class StaleTable extends Error {
  override readonly name = 'StaleTable'
  constructor(based: number, newest: number) {
    super(`the change is based on version ${based} of the master alarm table, and it is at version ${newest} by now`)
  }
}

/** A change would make a table that cannot be. */
export class ImpossibleTable extends Error {
  override readonly name = 'ImpossibleTable'
  readonly faults: readonly TableFault[]

  constructor(faults: readonly TableFault[]) {
    super(faults.map(({ of, field, problem }) => `${of} ${field} ${problem}`).join('; '))
    this.faults = faults
  }
}

export interface TableChanged {
  /** The newest version now: the one that was made, or `base` where nothing changed. */
  readonly version: number
  readonly change: TableChange
}

/**
 * Makes the next version of the table, whole or not at all.
 * @param base    version that the change is based on
 * @param decide  the change, from the table as it is at `base`; one that changes nothing makes no version
 * @throws StaleTable where it is not the newest, ImpossibleTable where the table could not be so
 */
export async function changeTable(
  database: Database,
  base: number,
  by: Omit<TableVersion, 'version'>,
  decide: (before: StoredTable) => TableChange,
): Promise<TableChanged> {
  return database.transaction(async (client) => {
    const queries = queriesOf(client)
    const before = await basedOn(queries, base)
    const change = decide(before)
    if (change.definitions.size + change.classes.size === 0) return { version: base, change }
    checkChange(before, change)
    if (!(await insertVersion(queries, base, by))) throw new StaleTable(base, await newestVersion(queries))
    await insertChange(queries, base + 1, change)
    return { version: base + 1, change }
  })
}

/** What a change would do, without doing it. @throws as `changeTable` */
export async function tryChange(
  queries: Queries,
  base: number,
  decide: (before: StoredTable) => TableChange,
): Promise<TableChange> {
  const before = await basedOn(queries, base)
  const change = decide(before)
  checkChange(before, change)
  return change
}

async function basedOn(queries: Queries, base: number): Promise<StoredTable> {
  const newest = await newestVersion(queries)
  if (newest !== base) throw new StaleTable(base, newest)
  return storedTable(queries, base)
}

function checkChange({ overrides }: StoredTable, change: TableChange): void {
  const after = afterChange(overrides, change)
  const faults = tableFaults(effectiveRows(after), change, roles)
  const { length } = after.definitions
  if (length > mostEntries)
    throw new ImpossibleTable([
      { of: 'table', field: 'entries', value: length, problem: `must be ${mostEntries} overrides at most` },
    ])
  if (faults.length > 0) throw new ImpossibleTable(faults)
}
