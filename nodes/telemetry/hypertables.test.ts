import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../platform/runtime/embedded-database.ts'
import { migrate } from '../../platform/storage/migrate.ts'

/**
 * TimescaleDB cannot be installed where these tests run. What stands in for it here has the documented signatures and no more: it
 * shows that the migration takes the right way and that its statements can be run, not what TimescaleDB makes of them.
 */
const standIn = (hypertable: string): string => `
  create table called (what text);
  create type dimension_info as (name text, width interval);
  create function by_range(column_name name, partition_interval anyelement) returns @extschema@.dimension_info
    language sql as $$ select row(column_name::text, partition_interval::interval)::@extschema@.dimension_info $$;
  create function create_hypertable(relation regclass, dimension @extschema@.dimension_info, create_default_indexes boolean default true,
    if_not_exists boolean default false, migrate_data boolean default false) returns void language plpgsql as
    $$ begin ${hypertable} end $$;
  create function drop_chunks(relation regclass, older_than "any" default null) returns setof regclass
    language plpgsql as $$ begin end $$;`

describe('readings where TimescaleDB is', function () {
  this.timeout(60_000)
  let server: EmbeddedDatabase
  let folder: string
  let lines: string[]
  beforeEach(() => {
    lines = []
    folder = mkdtempSync(join(tmpdir(), 'linha-viva-extension-'))
    chmodSync(folder, 0o755)
  })
  afterEach(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  /** A database with the extension in it, then migrated. */
  async function migrated(hypertable: string): Promise<Client> {
    mkdirSync(join(folder, 'extension'))
    writeFileSync(join(folder, 'extension', 'timescaledb.control'), "default_version = '1'\n")
    // PL/pgSQL takes no "any"; the instant is what we pass.
    const script = standIn(hypertable).replace('"any"', 'timestamptz')
    writeFileSync(join(folder, 'extension', 'timescaledb--1.sql'), script)
    server = await startEmbeddedDatabase({ log: (line) => lines.push(line) })
    const superuser = new Client({ ...server.superuser, database: server.owner.database })
    await superuser.connect()
    await superuser.query(`set extension_control_path = '${folder}:$system'`)
    await superuser.query('create schema extensions; create extension timescaledb schema extensions')
    await superuser.query(
      `grant usage on schema extensions to public; grant all on all tables in schema extensions to public`,
    )
    await superuser.end()
    await migrate(server.owner, server.running.user, () => undefined)
    const owner = new Client(server.owner)
    await owner.connect()
    return owner
  }

  /** Those of readings: what came later, and is small beside them, PostgreSQL always divides itself. */
  const kinds = async (owner: Client): Promise<unknown> =>
    (
      await owner.query<{ kind: string; tables: string[] }>(
        `select relkind as kind, array_agg(relname::text order by relname) as tables from pg_class
         join partition_plan on parent = relname where parent like '%reading%' group by 1`,
      )
    ).rows

  const divided = ['der_reading', 'meter_reading', 'panel_reading', 'reading_hour', 'reading_minute', 'switch_reading']

  it('become hypertables as long as there are none, with the same columns, keys and indexes', async () => {
    const owner = await migrated(
      "insert into extensions.called values (format('%s %s %s', relation, dimension, create_default_indexes));",
    )
    try {
      assert.deepEqual(await kinds(owner), [{ kind: 'r', tables: divided }])
      const { rows } = await owner.query<{ what: string }>('select what from extensions.called order by 1')
      assert.deepEqual(
        rows.map(({ what }) => what),
        [
          'der_reading (at,"1 day") f',
          'meter_reading (at,"30 days") f',
          'panel_reading (at,"1 day") f',
          'reading_hour (at,"365 days") f',
          'reading_minute (at,"30 days") f',
          'switch_reading (at,"30 days") f',
        ],
      )
      const indexes = await owner.query<{ name: string; primary: boolean }>(
        `select indexrelid::regclass::text as name, indisprimary as primary from pg_index
         where indrelid = 'der_reading'::regclass order by 1`,
      )
      assert.deepEqual(indexes.rows, [
        { name: 'der_reading_batch', primary: false },
        { name: 'der_reading_pkey', primary: true },
      ])
      const running = new Client(server.running)
      await running.connect()
      await running.query("select ensure_partition('der_reading', now())")
      await running.query(
        `insert into der_reading (at, batch_id, device_key, quality, p_actual_kw) values (now(), 1, 1, 'good', 1) on conflict do nothing`,
      )
      await running.end()
      await owner.query("select drop_partitions_before('der_reading', now(), now())")
    } finally {
      await owner.end()
    }
  })

  it('stay partitions of PostgreSQL where TimescaleDB refuses, and all is as without it', async () => {
    const owner = await migrated("raise exception 'no licence for this';")
    try {
      assert.deepEqual(await kinds(owner), [{ kind: 'p', tables: divided }])
      assert.match(lines.join('\n'), /WARNING: .*no hypertables.*: no licence for this/)
      await owner.query("select ensure_partition('der_reading', '2026-11-01')")
      const { rows } = await owner.query("select drop_partitions_before('der_reading', '2026-11-03', now()) as dropped")
      assert.deepEqual(rows, [{ dropped: 'der_reading_20261101' }])
    } finally {
      await owner.end()
    }
  })
})
