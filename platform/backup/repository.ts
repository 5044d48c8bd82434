import type { Client } from 'pg'
import { from, to, type CopyStreamQuery, type CopyToStreamQuery } from 'pg-copy-streams'

/** A table with rows of its own; of a divided one the whole. */
export interface Table {
  readonly table: string
  /** Those that are stored: what is computed from others is computed again. */
  readonly columns: readonly string[]
}

/** One snapshot of everything, for all statements that follow on this connection; no partition is dropped meanwhile. */
export async function beginSnapshot(client: Client): Promise<void> {
  // drop_partitions_before looks at this lock: a drop would wait for us, and every writer for the drop.
  await client.query(`select pg_advisory_lock_shared(hashtextextended('backup', 0))`)
  await client.query('begin isolation level repeatable read, read only')
  await useOneNotation(client)
}

/** Values read the same wherever they were written. */
export async function useOneNotation(client: Client): Promise<void> {
  await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres';
    set local extra_float_digits = 1; set local client_encoding = 'UTF8'; set local bytea_output = 'hex'`)
}

/** The tables of the schema: what others refer to comes before them. */
export async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { refersTo: string[] }>(
    `select c.relname as table,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       array(select f.confrelid::regclass::text from pg_constraint f
         where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as "refersTo"
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by 1`,
  )
  const ordered: Table[] = []
  const placed = new Set<string>()
  while (ordered.length < rows.length) {
    const next = rows.filter(({ table, refersTo }) => !placed.has(table) && refersTo.every((name) => placed.has(name)))
    if (next.length === 0) throw new Error('tables refer to each other in a circle: no order to load them in')
    for (const { table, columns } of next) {
      placed.add(table)
      ordered.push({ table, columns })
    }
  }
  return ordered
}

/** The instant at which each partition begins. */
export async function partitionsOf(client: Client): Promise<{ table: string; from: string }[]> {
  const { rows } = await client.query<{ table: string; from: string }>(
    `select parent.relname as table, (regexp_match(pg_get_expr(child.relpartbound, child.oid), 'FROM \\(''([^'']+)''\\)'))[1] as from
     from pg_inherits
     join pg_class child on child.oid = inhrelid
     join pg_class parent on parent.oid = inhparent
     join partition_plan on partition_plan.parent = parent.relname
     where parent.relnamespace = 'public'::regnamespace and child.relispartition
     order by 1, 2`,
  )
  return rows
}

/** Sequences that were drawn from. They know no transaction: read last, they are never behind the rows. */
export async function sequencesOf(client: Client): Promise<{ name: string; value: string }[]> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value::text as value from pg_sequences
     where schemaname = 'public' and last_value is not null order by 1`,
  )
  return rows
}

export async function migrationsOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from pgmigrations order by id')
  return rows.map(({ name }) => name)
}

/** The tables that are there at all, of those named. */
export async function existing(client: Client, names: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = any ($1)`,
    [names],
  )
  return rows.map(({ name }) => name)
}

export async function hasRows(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ any: boolean }>(
    `select exists (select from ${client.escapeIdentifier(table)}) as any`,
  )
  return rows[0]!.any
}

/** Connections of a role, ours not counted. */
export async function connectionsOf(client: Client, role: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity
     where datname = current_database() and usename = $1 and pid <> pg_backend_pid()`,
    [role],
  )
  return rows[0]!.count
}

/** Everything that the connected role owns in this database goes, within the transaction. */
export async function dropEverything(client: Client): Promise<void> {
  const { rows } = await client.query<{ mighty: boolean }>(
    'select rolsuper as mighty from pg_roles where rolname = current_user',
  )
  if (rows[0]!.mighty) throw new Error('the role that owns the schema is a superuser: restore as DB_MIGRATION_USER')
  await client.query(`set local lock_timeout = '30s'`)
  await client.query('drop owned by current_user cascade')
}

/** As node-pg-migrate makes it. */
export async function createMigrationTable(client: Client): Promise<void> {
  await client.query(
    'create table pgmigrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)',
  )
}

/** Rows that migrations themselves have put there. */
export async function emptyTables(client: Client, tables: readonly string[]): Promise<void> {
  await client.query(`truncate ${tables.map((table) => client.escapeIdentifier(table)).join(', ')}`)
}

/** Ends the logins that were open when the backup was taken. A release before them has none. */
export async function endAllSessions(client: Client): Promise<void> {
  if ((await existing(client, ['session'])).length > 0 && (await hasRows(client, 'session')))
    await client.query('update session set ended_at = last_used_at where ended_at is null')
}

/**
 * Puts on record that the database comes from a backup: areas stop then what must not simply go on. Once for each restore, however
 * often it is said; a release before that has no such record.
 * @param restoredAt  by the wall's clock, UTC milliseconds
 * @param takenAt     when the backup was taken, ISO 8601
 */
export async function noteRestore(client: Client, restoredAt: number, takenAt: string): Promise<void> {
  if ((await existing(client, ['database_restore'])).length === 0) return
  await client.query(
    `insert into database_restore (restored_at, backup_taken_at) values (to_timestamp($1::float8 / 1000), $2)
     on conflict do nothing`,
    [restoredAt, takenAt],
  )
}

/** What the planner goes by; without it the first queries after a restore are slow. A later migration may have dropped a table. */
export async function renewStatistics(client: Client, tables: readonly string[]): Promise<void> {
  const there = await existing(client, tables)
  await client.query(`analyze ${there.map((table) => client.escapeIdentifier(table)).join(', ')}`)
}

export async function createPartition(client: Client, table: string, from: string): Promise<void> {
  await client.query('select ensure_partition($1, $2::timestamptz)', [table, from])
}

export async function setSequence(client: Client, name: string, value: string): Promise<void> {
  await client.query('select setval(quote_ident($1)::regclass, $2::bigint)', [name, value])
}

// COPY takes no parameters; the names come from the catalogue, or must be in it.

export function copyOut(client: Client, { table, columns }: Table): CopyToStreamQuery {
  return client.query(to(`copy (select ${list(client, columns)} from ${client.escapeIdentifier(table)}) to stdout`))
}

export function copyIn(client: Client, { table, columns }: Table): CopyStreamQuery {
  return client.query(from(`copy ${client.escapeIdentifier(table)} (${list(client, columns)}) from stdin`))
}

/** What triggers did when the rows were written is among the rows of a backup: they do nothing while these are loaded. */
export async function withoutTriggers(
  client: Client,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const turn = async (how: 'disable' | 'enable'): Promise<void> => {
    for (const table of tables) await client.query(`alter table ${client.escapeIdentifier(table)} ${how} trigger user`)
  }
  await turn('disable')
  await work()
  await turn('enable')
}

const list = (client: Client, columns: readonly string[]): string =>
  columns.map((column) => client.escapeIdentifier(column)).join(', ')
