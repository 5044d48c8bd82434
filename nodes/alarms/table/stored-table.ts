import type { Queries } from '../../../platform/storage/queries.ts'
import type { AlarmClass, AlarmDefinition, MasterTable } from '../domain/definition.ts'
import { scopeKey } from '../domain/master-table.ts'
import { effectiveTable, noOverrides, type TableOverrides } from '../domain/table-overrides.ts'
import { ruleDefinitions } from '../rules/rule-repository.ts'
import { classesAt, entriesAt, newestVersion, type Stored } from './table-repository.ts'

/** The table as it was at a version, with who said what of it. */
export interface StoredTable {
  readonly table: MasterTable
  readonly overrides: TableOverrides
  /** By key what holds where the installation says nothing: what is shipped, and what alarm nodes say of their rules, as of now. */
  readonly given: ReadonlyMap<string, AlarmDefinition>
  /** By key of the entry; what was taken back is left out. */
  readonly entries: ReadonlyMap<string, Stored<AlarmDefinition>>
  readonly classes: ReadonlyMap<string, Stored<AlarmClass>>
}

/** @param version  the newest one unless given; must be there, or 0 */
export async function storedTable(queries: Queries, version?: number): Promise<StoredTable> {
  const wanted = version ?? (await newestVersion(queries))
  const entries = standing(await entriesAt(queries, wanted))
  const classes = standing(await classesAt(queries, wanted))
  const overrides: TableOverrides = {
    definitions: [...entries.values()].map(({ definition }) => definition!),
    classes: [...classes.values()].map(({ definition }) => definition!),
  }
  const rules = await ruleDefinitions(queries)
  const given = effectiveTable(wanted, { ...noOverrides, classes: overrides.classes }, rules).definitions
  return {
    ...{ table: effectiveTable(wanted, overrides, rules), overrides, entries, classes },
    given: new Map(given.map((definition) => [scopeKey(definition.scope), definition])),
  }
}

const standing = <T>(said: readonly Stored<T>[]): ReadonlyMap<string, Stored<T>> =>
  new Map(said.filter(({ definition }) => definition !== null).map((one) => [one.key, one]))
