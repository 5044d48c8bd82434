import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { Client } from 'pg'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../runtime/embedded-database.ts'
import { migrate, newestMigration } from './migrate.ts'

describe('migrate', function () {
  this.timeout(60_000)
  let server: EmbeddedDatabase
  let owner: Client
  let running: Client

  before(async () => {
    server = await startEmbeddedDatabase()
    owner = new Client(server.owner)
    running = new Client(server.running)
    await Promise.all([owner.connect(), running.connect()])
  })
  after(async () => {
    await Promise.all([owner.end(), running.end()])
    await server.stop()
  })

  const done = async () => (await owner.query<{ name: string }>('select name from pgmigrations order by id')).rows

  it('runs each migration once, however many start at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => migrate(server.owner, server.running.user, () => undefined)))
    const names = (await done()).map(({ name }) => name)
    assert.deepEqual(names, [...new Set(names)].toSorted())
    assert.equal(names.at(-1), newestMigration())
  })

  it('has nothing to do the second time', async () => {
    const before = await done()
    await migrate(server.owner, server.running.user, () => undefined)
    assert.deepEqual(await done(), before)
  })

  it('lets dashboards read commands, approvals, tags and the audit without persons and without what they said', async () => {
    const { rows } = await owner.query<{ column: string }>(
      `select table_name || '.' || column_name as column from information_schema.columns
       where table_name = any ($1) and column_name ~ '(username|_by|_by_id|owner|address|holder|^reason|body|evidence|content|detail|args|subject)$'`,
      [
        [
          ...['unit_report', 'command_report', 'meter_report', 'command_step_report', 'approval_report', 'tag_report'],
          ...['audit_report', 'access_report'],
        ],
      ],
    )
    assert.deepEqual(rows, [])
  })

  it('leaves the running role no owner of anything, and no superuser', async () => {
    const { rows } = await owner.query(
      `select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls,
         (select count(*)::integer from pg_class where relowner = r.oid) as tables,
         (select count(*)::integer from pg_proc where proowner = r.oid) as functions,
         (select count(*)::integer from pg_database where datdba = r.oid) as databases
       from pg_roles r where rolname = $1`,
      [server.running.user],
    )
    assert.deepEqual(rows, [
      {
        ...{ rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false },
        ...{ tables: 0, functions: 0, databases: 0 },
      },
    ])
  })

  for (const statement of [
    'create table mine (a integer)',
    'create schema mine',
    'create function mine() returns integer language sql return 1',
    'drop table feeder',
    'alter table feeder add column a integer',
    'alter table feeder disable trigger all',
    'truncate feeder',
    'create index on feeder (name)',
    "insert into partition_plan (parent, width) values ('feeder', 'day')",
    "update partition_plan set keep_at_least = '0'",
    'delete from partition_plan',
    'delete from pgmigrations',
    'update access_log set event = null',
    'delete from access_log',
    'delete from withheld_right',
    "insert into readable_table values ('quarantine')",
    "call grant_running('linhaviva')",
    'set role linhaviva_owner',
    "select pg_read_file('/etc/passwd')",
    "copy feeder to program 'true'",
  ]) {
    it(`the running role cannot: ${statement}`, () =>
      assert.rejects(running.query(statement), (error: Error & { code?: string }) =>
        ['42501', '0A000'].includes(error.code ?? ''),
      ))
  }

  it('the running role reads and writes rows, and has partitions made', async () => {
    await running.query("insert into feeder (feeder_id) values ('f-1')")
    await running.query("update feeder set name = 'North' where feeder_id = 'f-1'")
    await running.query("select ensure_partition('der_reading', '2026-11-21')")
    await running.query("select drop_partitions_before('der_reading', '2027-01-01', '2027-01-01')")
    await assert.rejects(running.query("select ensure_partition('feeder', '2026-11-21')"), /not divided by time/)
    await assert.rejects(
      running.query("select drop_partitions_before('feeder', '2026-11-21', '2026-11-21')"),
      /not divided by time/,
    )
    await running.query("delete from feeder where feeder_id = 'f-1'")
  })
})
