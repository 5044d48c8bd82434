import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { AlarmClass, AlarmDefinition } from '../domain/definition.ts'
import type { TableChange } from '../domain/table-overrides.ts'

/** A version of the master alarm table: who made it, when and why. */
export interface TableVersion {
  readonly version: number
  readonly reason: string
  readonly changedBy: string
  /** UTC milliseconds, by the wall's clock. */
  readonly changedAt: number
}

/** What a version said of an entry or a class; null: taken back. */
export interface Said<T> {
  readonly key: string
  readonly definition: T | null
}

/** The same, with the version that said it. */
export interface Stored<T> extends Said<T>, TableVersion {}

/** The newest version; 0: nobody has changed anything. */
export async function newestVersion(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ version: number }>(
    'select coalesce(max(version), 0)::integer as version from alarm_table_version',
  )
  return row!.version
}

/** What was said last of each entry, up to a version; the ones that were taken back too. */
export const entriesAt = (queries: Queries, version: number): Promise<Stored<AlarmDefinition>[]> =>
  queries.query(
    `select distinct on (entry_key) entry_key as key, definition, version, reason, changed_by as "changedBy",
       ${milliseconds('changed_at')} as "changedAt"
     from alarm_table_entry join alarm_table_version using (version)
     where version <= $1 order by entry_key, version desc`,
    [version],
  )

/** The same of classes. */
export const classesAt = (queries: Queries, version: number): Promise<Stored<AlarmClass>[]> =>
  queries.query(
    `select distinct on (name) name as key, definition, version, reason, changed_by as "changedBy",
       ${milliseconds('changed_at')} as "changedAt"
     from alarm_table_class join alarm_table_version using (version)
     where version <= $1 order by name, version desc`,
    [version],
  )

/** Of which entries and classes a version says something. */
export const changedIn = (queries: Queries, version: number): Promise<{ kind: 'entry' | 'class'; key: string }[]> =>
  queries.query(
    `select 'entry' as kind, entry_key as key from alarm_table_entry where version = $1
     union all select 'class', name from alarm_table_class where version = $1
     order by kind desc, key`,
    [version],
  )

/** Versions, the newest first. @param before  the version before which to begin; undefined: at the newest */
export const listVersions = (
  queries: Queries,
  before: number | undefined,
  limit: number,
): Promise<(TableVersion & { entries: number; classes: number })[]> =>
  queries.query(
    `select version, reason, changed_by as "changedBy",
       ${milliseconds('changed_at')} as "changedAt",
       (select count(*)::integer from alarm_table_entry e where e.version = v.version) as entries,
       (select count(*)::integer from alarm_table_class c where c.version = v.version) as classes
     from alarm_table_version v
     where $1::integer is null or version < $1 order by version desc limit $2`,
    [before ?? null, limit],
  )

export async function findVersion(queries: Queries, version: number): Promise<TableVersion | undefined> {
  const [found] = await queries.query<TableVersion>(
    `select version, reason, changed_by as "changedBy", ${milliseconds('changed_at')} as "changedAt"
     from alarm_table_version where version = $1`,
    [version],
  )
  return found
}

/**
 * Begins the version after `base`. Two at once: the second one waits for the first.
 * @returns false where `base` is not the newest
 */
export async function insertVersion(
  queries: Queries,
  base: number,
  { reason, changedBy, changedAt }: Omit<TableVersion, 'version'>,
): Promise<boolean> {
  const inserted = await queries.query(
    `insert into alarm_table_version (version, reason, changed_by, changed_at)
     select $1::integer + 1, $2, $3, to_timestamp($4::float8 / 1000)
     where $1 = (select coalesce(max(version), 0) from alarm_table_version)
     on conflict do nothing returning version`,
    [base, reason, changedBy, changedAt],
  )
  return inserted.length === 1
}

export async function insertChange(
  queries: Queries,
  version: number,
  { definitions, classes }: TableChange,
): Promise<void> {
  await queries.query(
    `insert into alarm_table_entry (entry_key, version, definition)
     select key, $1, definition from unnest($2::text[], $3::jsonb[]) said (key, definition)`,
    [version, ...columnsOf(definitions)],
  )
  await queries.query(
    `insert into alarm_table_class (name, version, definition)
     select key, $1, definition from unnest($2::text[], $3::jsonb[]) said (key, definition)`,
    [version, ...columnsOf(classes)],
  )
}

const columnsOf = (said: ReadonlyMap<string, object | null>): [string[], (string | null)[]] => [
  [...said.keys()],
  [...said.values()].map((definition) => definition && JSON.stringify(definition)),
]
