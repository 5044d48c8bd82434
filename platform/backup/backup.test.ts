import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Client } from 'pg'
import { verifyDatabase } from '../audit/audit-commands.ts'
import { entriesAfter, headOf } from '../audit/audit-repository.ts'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../runtime/embedded-database.ts'
import { migrate, newestMigration } from '../storage/migrate.ts'
import { migrationFiles } from '../storage/migration-files.ts'
import { queriesOf } from '../storage/queries.ts'
import { useDatabase } from '../storage/test-database.ts'
import { contentsOf, useBackups } from './backup.fixture.ts'
import { formatManifest, readManifest, type Manifest } from './manifest.ts'
import { createMigrationTable, dropEverything, noteRestore } from './repository.ts'
import { checkParts, loadRows, requireEmpty } from './restore.ts'

const quiet = (): void => undefined
const restoredAt = Date.UTC(2026, 10, 21, 13)

/** But for what a restore itself puts on record, and the numbers of commands, which begin anew. */
const withoutRestore = (contents: Record<string, string>): Record<string, string> => {
  const { database_restore: _restore, audit_entry: _audit, command_progress: _progress, ...rest } = contents
  return rest
}

describe('a backup of the rows, and its restore', function () {
  this.timeout(60_000)
  const source = useDatabase()
  let target: EmbeddedDatabase
  const backups = useBackups()

  before(async () => {
    target = await startEmbeddedDatabase()
    await source.database.query(`select ensure_partition(t, at) from unnest(array['der_reading', 'meter_reading']) t,
      unnest(array['2026-10-31 23:59Z', '2026-11-01Z', '2026-11-21Z']::timestamptz[]) at`)
    await source.database.query(`insert into feeder (feeder_id, parent_feeder_id, name) values
      ('f-2', null, null), ('f-1', 'f-2', E'tab\\t, newline\\n, return\\r, backslash \\\\ and \\\\N'), ('São João', 'f-1', '')`)
    await source.database.query(
      `insert into device (device_id, status, claim) select 'device-' || n, 'active', '{"a": "\\u00e9"}' from generate_series(1, 50) n`,
    )
    await source.database.query(
      `insert into der_reading (at, batch_id, device_key, quality, p_actual_kw, soc)
       select t + n * interval '1.000001 s', 1, n, 'good', v, 'NaN' from generate_series(1, 50) n,
         unnest(array['2026-10-31Z', '2026-11-21 00:00:00.123456Z']::timestamptz[]) t,
         unnest(array[0.1::float8 + 0.2, 'Infinity', 5e-324, -0.0]) with ordinality v (v, o) where o = n % 4 + 1
       on conflict do nothing`,
    )
    await source.database.query(
      `insert into quarantine (received_at, reason, topic, detail, payload)
       values (now(), 'bad_json', 't', 'd', $1), (now(), 'bad_json', '', '', '')`,
      [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    )
    // Triggers of these write other tables.
    await source.database.query(
      `insert into consumer_unit (unit_id, nominal_voltage_v) select 'unit-' || n, 127 from generate_series(1, 50) n`,
    )
    await source.database.query("insert into network_transformer (transformer_id, section_id) values ('t-1', 'a')")
    await source.database.query(
      `insert into unit_supply (unit_id, transformer_id) select unit_id, 't-1' from consumer_unit`,
    )
    await source.database.query(`select append_batch(nextval('batch_number'), 1, 0, now(), now(), now())`)
    // Enters the audit.
    await source.database.query(
      `insert into regulation_option (key, value, reason, changed_by, changed_at) values ('o', '0.1', 'é', 'ana', now())`,
    )
  })
  after(() => target.stop())

  async function emptied(): Promise<Client> {
    const client = await backups.connect(target.owner)
    await client.query('begin')
    await dropEverything(client)
    await client.query('commit')
    return client
  }

  it('brings every value back as it was, in a database of another server', async () => {
    const { folder } = await backups.take(source.login)
    const client = await emptied()
    await loadRows(client, folder, await readManifest(folder), restoredAt, quiet)
    const there = await backups.connect(source.owner)
    assert.deepEqual(withoutRestore(await contentsOf(client)), withoutRestore(await contentsOf(there)))
    const { rows } = await client.query(
      `select name, payload from feeder, quarantine where feeder_id = 'f-1' and length(payload) > 0`,
    )
    assert.equal(rows[0].name, 'tab\t, newline\n, return\r, backslash \\ and \\N')
    assert.equal(rows[0].payload.length, 256)
    const connected = async () => (await client.query('select from unit_connection')).rowCount
    assert.equal(await connected(), 50)
    await client.query("update network_transformer set section_id = 'b'")
    assert.equal((await client.query("select from unit_connection where section_id = 'b'")).rowCount, 50)
  })

  it('goes on where the system stood: numbers are not given twice, rights and partitions are there', async () => {
    const { folder, manifest } = await backups.take(source.login)
    const client = await emptied()
    await loadRows(client, folder, manifest, restoredAt, quiet)
    await migrate(target.owner, target.running.user, quiet)
    const running = await backups.connect(target.running)
    const { rows } = await running.query(
      `insert into device (device_id, status) values ('another', 'active') returning device_key > 50 as fresh`,
    )
    assert.deepEqual(rows, [{ fresh: true }])
    await running.query(`select append_batch(nextval('batch_number'), 1, 0, now(), now(), now())`)
    await running.query(
      `insert into der_reading (at, batch_id, device_key, quality, p_actual_kw) values ('2026-11-21 23:00Z', 2, 1, 'good', 1)`,
    )
    await assert.rejects(running.query('drop table feeder'), { code: '42501' })
  })

  it('has the audit as it was, which goes on with the restore itself', async () => {
    const { folder, manifest } = await backups.take(source.login)
    const head = await headOf(source.database)
    assert.ok(head.seq > 0)
    const client = await emptied()
    assert.deepEqual(await loadRows(client, folder, manifest, restoredAt, quiet), head)
    const [entry, ...more] = await entriesAfter(queriesOf(client), head.seq, 10)
    assert.deepEqual([entry?.previousHash, entry?.table, more], [head.hash, 'database_restore', []])
    const lines: string[] = []
    await migrate(target.owner, target.running.user, quiet)
    const running = queriesOf(await backups.connect(target.running))
    assert.ok(await verifyDatabase(running, undefined, restoredAt, (line) => lines.push(line)), lines.join('\n'))
  })

  it('logs nobody in again: sessions that were open are over, and those that had ended stay so', async () => {
    await source.database.query(`insert into user_account (username, role, origin, created_at, changed_at)
      values ('ana', 'admin', 'api', '2026-11-20Z', '2026-11-20Z')`)
    await source.database.query(
      `insert into session (session_id, user_id, created_at, last_used_at, idle_ends_at, ends_at, ended_at, address,
         refresh_hash, refreshed_at)
       select gen_random_uuid(), user_id, '2026-11-20Z', '2026-11-21Z', '2099-01-01Z', '2099-01-01Z', ended_at, '::1', '',
         '2026-11-20Z'
       from user_account, unnest(array[null, '2026-11-20 12:00Z']::timestamptz[]) ended_at`,
    )
    const { folder, manifest } = await backups.take(source.login)
    const client = await emptied()
    await loadRows(client, folder, manifest, restoredAt, quiet)
    const { rows } = await client.query('select ended_at as at from session order by 1')
    assert.deepEqual(rows, [{ at: new Date('2026-11-20T12:00Z') }, { at: new Date('2026-11-21Z') }])
    await source.database.query('delete from user_account')
  })

  it('is of one instant, however busy the writers are', async () => {
    const writer = await backups.connect(source.login)
    let writing = true
    let written = 0
    const busy = (async () => {
      for (; writing; written++) {
        await writer.query('begin')
        await writer.query(
          `insert into der_reading (at, batch_id, device_key, quality, p_actual_kw)
           select '2026-11-21 12:00Z'::timestamptz + $1 * interval '1 ms', 1000 + $1, n, 'good', 1 from generate_series(1, 100) n`,
          [written],
        )
        await writer.query('select append_batch(1000 + $1, 100, 0, now(), now(), now())', [written])
        await writer.query(
          `insert into consumer_cursor (consumer, position) select 'test', max(position) from batch_log
           on conflict (log, consumer) do update set position = excluded.position`,
        )
        await writer.query('commit')
      }
    })()
    let folder: string
    try {
      while (written < 20) await new Promise(setImmediate)
      folder = (await backups.take(source.login)).folder
    } finally {
      writing = false
      await busy
    }
    const client = await emptied()
    await loadRows(client, folder, await readManifest(folder), restoredAt, quiet)
    const { rows } = await client.query<{ logged: number; stored: number; last: boolean }>(
      `select (select count(*)::integer * 100 from batch_log where batch_id >= 1000) as logged,
         (select count(*)::integer from der_reading where batch_id >= 1000) as stored,
         (select position from consumer_cursor where consumer = 'test') = (select max(position) from batch_log) as last`,
    )
    assert.equal(rows[0]!.stored, rows[0]!.logged)
    assert.ok(rows[0]!.last && rows[0]!.logged >= 2_000 && rows[0]!.logged < written * 100)
  })

  it('keeps the retention from waiting for it: while it reads, nothing is dropped', async () => {
    const owner = await backups.connect(source.owner)
    const drop = async () => {
      await owner.query('begin')
      const { rowCount } = await owner.query(`select drop_partitions_before('der_reading', '2026-11-20', now())`)
      await owner.query('rollback')
      return rowCount
    }
    const reader = await backups.connect(source.login)
    assert.ok((await drop())! > 0)
    await reader.query(`select pg_advisory_lock_shared(hashtextextended('backup', 0))`)
    assert.equal(await drop(), 0)
  })

  it('that fails takes no room on the disk', async () => {
    // What is read last, after all tables.
    writeFileSync(join(backups.home, 'data'), 'no folder')
    await assert.rejects(backups.take(source.login), /ENOTDIR/)
    assert.deepEqual(readdirSync(backups.home), ['data'])
  })

  it('of an older release is brought to this one', async () => {
    const old = await startEmbeddedDatabase()
    try {
      const owner = await backups.connect(old.owner)
      await createMigrationTable(owner)
      for (const { name, path } of migrationFiles().slice(0, 4)) {
        await owner.query(readFileSync(path, 'utf8'))
        await owner.query('insert into pgmigrations (name, run_on) values ($1, now())', [name])
      }
      await owner.query(`insert into feeder (feeder_id) values ('old')`)
      const { folder } = await backups.take(old.owner)
      const client = await emptied()
      await loadRows(client, folder, await readManifest(folder), restoredAt, quiet)
      await migrate(target.owner, target.running.user, quiet)
      const { rows } = await client.query(
        'select feeder_id, m.name from feeder, pgmigrations m order by m.name desc limit 1',
      )
      assert.deepEqual(rows, [{ feeder_id: 'old', name: newestMigration() }])
      // It has no record of restores before it is of this release.
      for (const _ of Array(2)) await noteRestore(client, restoredAt, '2026-11-20T00:00:00Z')
      const restores = await client.query(
        'select restored_at as at, epoch > 1 as "isNew" from database_restore, command_progress',
      )
      assert.deepEqual(restores.rows, [{ at: new Date(restoredAt), isNew: true }])
    } finally {
      await old.stop()
    }
  })

  describe('that is damaged', () => {
    let folder: string
    let manifest: Manifest
    let client: Client
    let before: Record<string, string>
    const part = (table: string): string => join(folder, 'tables', `${table}.copy.gz`)

    beforeEach(async () => {
      ;({ folder, manifest } = await backups.take(source.login))
      client = await emptied()
      await migrate(target.owner, target.running.user, quiet)
      await client.query(`insert into feeder (feeder_id) values ('was here')`)
      before = await contentsOf(client)
    })

    /** It is found by the check, found by the restore, and the database is as it was. */
    async function refused(message: RegExp): Promise<void> {
      const check = async (): Promise<void> => checkParts(folder, await readManifest(folder), quiet)
      await assert.rejects(check(), { name: 'BadBackup', message })
      const load = async (): Promise<unknown> => loadRows(client, folder, await readManifest(folder), restoredAt, quiet)
      await assert.rejects(load(), { name: 'BadBackup', message })
      const again = await backups.connect(target.owner)
      await client.query('rollback').catch(() => undefined)
      assert.deepEqual(await contentsOf(again), before)
    }

    it('by a file cut short', async () => {
      truncateSync(part('der_reading'), 60)
      await refused(/der_reading\.copy\.gz has 60 bytes, not \d+: the backup is damaged/)
    })

    it('by a byte', async () => {
      const content = readFileSync(part('der_reading'))
      content[content.length >> 1]! ^= 1
      writeFileSync(part('der_reading'), content)
      await refused(/der_reading\.copy\.gz is damaged/)
    })

    it('by a row that is missing, in a file that is sound in itself', async () => {
      const rows = gunzipSync(readFileSync(part('device')))
        .toString()
        .split('\n')
        .slice(1)
        .join('\n')
      const content = gzipSync(rows)
      writeFileSync(part('device'), content)
      const tables = manifest.tables.map((table) =>
        table.table === 'device' ? { ...table, bytes: content.length } : table,
      )
      writeFileSync(join(folder, 'manifest.json'), formatManifest({ ...manifest, tables }))
      await refused(/device\.copy\.gz is damaged: its checksum does not fit/)
    })

    it('by a file that is gone', async () => {
      rmSync(part('switch_reading'))
      await refused(/switch_reading\.copy\.gz cannot be read \(ENOENT\)/)
    })

    it('by having no manifest, a cut one, or a changed one', async () => {
      const path = join(folder, 'manifest.json')
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, text.slice(0, -100))
      await refused(/manifest\.json is damaged: it is not JSON/)
      writeFileSync(path, text.replace('"rows": 50', '"rows": 49'))
      await refused(/manifest\.json is damaged: its checksum does not fit/)
      writeFileSync(path, 'null')
      await refused(/manifest\.json is damaged: it is empty/)
      rmSync(path)
      await refused(/has no manifest\.json: it is no backup, or one that was not completed/)
    })
  })

  it('of a newer release is refused before anything is touched', async () => {
    const { folder, manifest } = await backups.take(source.login)
    const client = await emptied()
    const newer = { ...manifest, migrations: [...manifest.migrations, '0999_tomorrow'] }
    await assert.rejects(
      loadRows(client, folder, newer, restoredAt, quiet),
      /0999_tomorrow.*take release 9\.9\.9 or newer/,
    )
    assert.deepEqual(await contentsOf(client), {})
  })

  it('goes into a database that is empty, unless told otherwise', async () => {
    const client = await emptied()
    await requireEmpty(client)
    await migrate(target.owner, target.running.user, quiet)
    await requireEmpty(client)
    await client.query(`insert into feeder (feeder_id) values ('f')`)
    await assert.rejects(requireEmpty(client), /holds data already \(table feeder\): with --force/)
  })

  it('names nothing outside of its folder', async () => {
    const { folder, manifest } = await backups.take(source.login)
    for (const name of ['../../secrets.json', '/etc/passwd', 'a/../../b']) {
      const files = [{ file: 'x', bytes: 0, sha256: '', place: 'flows' as const, name }]
      writeFileSync(join(folder, 'manifest.json'), formatManifest({ ...manifest, files }))
      await assert.rejects(readManifest(folder), { name: 'BadBackup' })
    }
  })
})
