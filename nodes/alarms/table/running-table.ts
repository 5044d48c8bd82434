import type { Database } from '../../../platform/storage/database.ts'
import { OncePerDatabase } from '../../../platform/storage/once-per-database.ts'
import type { MasterTable } from '../domain/definition.ts'
import { storedTable } from './stored-table.ts'
import { TableKeeper } from './table-keeper.ts'
import { newestVersion } from './table-repository.ts'

const running = new OncePerDatabase<TableKeeper>()

/**
 * Has the master alarm table kept in this process, once for all who want it over one database.
 * @param report  told of a fault that is not the database being away; of several the first one is
 * @returns the keeper, and how to say that one does not want it any more: with the last who says so it ends
 */
export function keepTable(
  database: Database,
  report: (error: unknown) => void,
): { readonly keeper: TableKeeper; release(): Promise<void> } {
  const { kept, release } = running.keep(database, () => new TableKeeper(database, report))
  return { keeper: kept, release }
}

/** The master alarm table as it holds now: the one that is kept in this process, or read where none is. @throws DatabaseUnavailable */
export const tableNow = async (database: Database): Promise<MasterTable> =>
  running.of(database)?.table ?? (await storedTable(database, await newestVersion(database))).table
