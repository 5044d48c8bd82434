import assert from 'node:assert/strict'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { Client, type QueryResultRow } from 'pg'
import { createMigrationTable } from '../platform/backup/repository.ts'
import { runningDatabase } from '../platform/network/running-database.ts'
import { startEmbeddedDatabase } from '../platform/runtime/embedded-database.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { readEnvironment } from '../platform/runtime/environment.ts'
import type { FlowNode } from '../platform/runtime/flow-arrangement.ts'
import { readFlowFiles } from '../platform/runtime/flow-files.ts'
import { installation } from '../platform/runtime/installation.ts'
import { newestMigration } from '../platform/storage/migrate.ts'
import { migrationFiles } from '../platform/storage/migration-files.ts'
import { runProgram, SupervisedSystem } from './supervised.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const old = join(installation, 'flows', 'upgrade-0.1.0')
// Yesterday: what is older than the retention is let go of, in this release as in the old one.
const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
const releaseMigrations = ['0001_batch-log', '0002_network', '0003_readings', '0004_quarantine']

/** A data directory and flows of 0.1.0, worked on by an engineer, under the present release. */
describe('upgrade from 0.1.0', function () {
  this.timeout(120_000)
  let folder: string
  let env: Record<'PORT' | 'MQTT_PORT' | 'MQTT_WS_PORT' | 'DATA_DIR' | 'FLOWS_DIR', string>
  let system: SupervisedSystem
  let left: Rows

  interface Rows {
    readonly readings: string
    readonly devices: string
    readonly quarantine: string
  }
  // What later releases put beside it is no part of a row of 0.1.0.
  const steering = `array['phases', 'least_kw', 'fallback_kw', 'contracted_kw', 'capacity_kwh', 'ramp_kw_per_minute', 'min_on_s', 'min_off_s']`
  const panel = `array['tilt_deg', 'azimuth_deg', 'gamma_per_c', 'noct_c', 'rated_v', 'installed_at']`
  const fingerprints = `select
    (select md5(string_agg(text, e'\\n' order by text)) from (
       select (to_jsonb(t) - 'charging')::text as text from der_reading t where p_actual_kw <> 1.25) r) as readings,
    (select md5(string_agg(text, e'\\n' order by text)) from (
       select (to_jsonb(t) - ${steering} - ${panel})::text as text from device t where device_id like 'old-%') d) as devices,
    (select md5(string_agg((to_jsonb(t) - 'replay_approval_id')::text, e'\\n' order by quarantine_id)) from quarantine t) as quarantine`

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'linha-viva-upgrade-'))
    chmodSync(folder, 0o755)
    const [PORT, MQTT_PORT, MQTT_WS_PORT] = [
      String(await freePort()),
      String(await freePort()),
      String(await freePort()),
    ]
    env = { PORT, MQTT_PORT, MQTT_WS_PORT, DATA_DIR: join(folder, 'data'), FLOWS_DIR: join(folder, 'flows') }
    cpSync(join(old, 'edited'), env.FLOWS_DIR, { recursive: true })
    await makeOldDatabase(env.DATA_DIR)
    writeFileSync(join(env.DATA_DIR, 'installation-id'), 'a1b2c3d4\n')
    system = new SupervisedSystem(env)
    system.start()
    await system.healthy()
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lines.join('\n'))
    await system?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** As 0.1.0 left it: three commits, of which the roll-ups had taken one. */
  async function makeOldDatabase(dataDir: string): Promise<void> {
    const server = await startEmbeddedDatabase({ dataDir })
    const owner = new Client(server.owner)
    await owner.connect()
    try {
      await createMigrationTable(owner)
      for (const { name, path } of migrationFiles().filter(({ name }) => releaseMigrations.includes(name))) {
        await owner.query(readFileSync(path, 'utf8'))
        await owner.query('insert into pgmigrations (name, run_on) values ($1, now())', [name])
      }
      await owner.query('call grant_running($1)', [server.running.user])
      await owner.query(`insert into device (device_id, kind, der_type, status, claim)
        select 'old-' || n, 'der', 'battery', 'active', '{"p_max_kw": 5}' from generate_series(1, 20) n`)
      for (const batch of [1, 2, 3]) {
        await owner.query(`select ensure_partition('der_reading', '${day}'), nextval('batch_number')`)
        await owner.query(
          `insert into der_reading (at, batch_id, device_key, quality, p_actual_kw, soc)
           select '${day} 10:00Z'::timestamptz + ($1::integer * 600 + n) * interval '1 s', $1, 1 + n % 20, 'good', n, 0.5
           from generate_series(0, 599) n`,
          [batch],
        )
        await owner.query(`select append_batch($1, 600, 0, '${day} 10:00Z', '${day} 11:00Z', '${day} 11:00Z')`, [batch])
      }
      await owner.query(
        `select ensure_partition('reading_hour', '${day}'), ensure_partition('reading_minute', '${day}')`,
      )
      await owner.query(
        `insert into reading_hour (at, device_key, measure, total, lowest, highest, samples)
         select '${day} 10:00Z', device_key, m::measure, sum(v), min(v), max(v), count(*)
         from der_reading, lateral (values ('p_actual_kw', p_actual_kw), ('soc', soc)) as x (m, v)
         where batch_id = 1 group by device_key, m`,
      )
      await owner.query(`insert into consumer_cursor (consumer, position) values ('rollups', 1)`)
      await owner.query(
        `insert into quarantine (received_at, reason, topic, detail, payload) values (now(), 'bad_json', 't', 'd', '\\x00ff')`,
      )
      left = (await owner.query<Rows>(fingerprints)).rows[0]!
    } finally {
      await owner.end()
      await server.stop()
    }
  }

  async function query<Row extends QueryResultRow>(text: string): Promise<Row[]> {
    const client = new Client(runningDatabase(readEnvironment(env)))
    await client.connect()
    try {
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end()
    }
  }

  it('loses no row', async () => {
    assert.deepEqual((await query<Rows & QueryResultRow>(fingerprints))[0], left)
    const [newest] = await query('select name from pgmigrations order by id desc limit 1')
    assert.equal(newest!['name'], newestMigration())
  })

  it('goes on with the roll-ups where they stood: each reading counts once', async () => {
    const hours = (): Promise<{ device_key: number; samples: number; total: number }[]> =>
      query(`select device_key, samples, total from reading_hour
        where measure = 'p_actual_kw' and at = '${day} 10:00Z' order by 1`)
    await waitUntil('the roll-ups', async () => {
      const [row] = await query<{ done: boolean }>(
        `select position >= 3 as done from consumer_cursor where consumer = 'rollups'`,
      )
      return row!.done
    })
    const expected =
      await query(`select device_key, count(*)::integer as samples, sum(p_actual_kw) as total from der_reading
      where at >= '${day} 10:00Z' and at < '${day} 11:00Z' group by 1 order by 1`)
    assert.deepEqual(await hours(), expected)
  })

  it("keeps the engineer's work: the node on the wire, the moved one, the group that is gone, the tab, the colour", async () => {
    const flows = new Map((await system.flows()).map((node) => [node.id, node]))
    assert.deepEqual(flows.get('lv-telemetry-in')!.wires?.[0], ['engineer-count'])
    assert.deepEqual(flows.get('engineer-count')!.wires, [['lv-telemetry-store']])
    assert.equal(flows.get('lv-rollups')!['y'], 340)
    assert.equal(flows.get('lv-group-rollups'), undefined)
    assert.equal(flows.get('engineer-notes')!['label'], 'Engineer notes')
    assert.equal((flows.get('lv-ui-theme')!['colors'] as { primary: string }).primary, '#004b8d')
    const read = (file: string): unknown => JSON.parse(readFileSync(join(env.FLOWS_DIR, file), 'utf8'))
    assert.deepEqual(read('telemetry.json'), JSON.parse(readFileSync(join(old, 'edited', 'telemetry.json'), 'utf8')))
  })

  it('brings every tab of this release that is not the engineer’s to keep, and lays that one beside', async () => {
    const { arrangement: shipped } = await readFlowFiles(join(installation, 'flows'))
    const { arrangement: here } = await readFlowFiles(env.FLOWS_DIR)
    const nodesOf = (id: string): readonly FlowNode[] | undefined =>
      here.sheets.find(({ nodes }) => nodes[0].id === id)?.nodes
    for (const { name, nodes } of shipped.sheets) {
      if (name !== 'telemetry') {
        assert.deepEqual(nodesOf(nodes[0].id), nodes, name)
        continue
      }
      const asBefore =
        readFileSync(join(old, 'shipped', 'telemetry.json'), 'utf8') === JSON.stringify(nodes, null, 2) + '\n'
      const { version } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { version: string }
      const library = join(env.DATA_DIR, 'node-red', 'lib', 'flows', `Linha Viva ${version}`, 'telemetry.json')
      assert.equal(existsSync(library), !asBefore)
    }
    for (const { id } of shipped.global)
      assert.ok(
        here.global.some((node) => node.id === id),
        id,
      )
  })

  it('takes readings through the flow as the engineer left it', async () => {
    const users = JSON.parse(readFileSync(join(env.DATA_DIR, 'mqtt-users.json'), 'utf8')) as { field: string }
    const login = { username: 'field', password: users.field, protocolVersion: 4 as const }
    const client = await connectAsync(`mqtt://127.0.0.1:${env.MQTT_PORT}`, login)
    const reading = {
      ...{ deviceId: 'old-1', type: 'battery', timestamp: new Date().toISOString(), p_actual_kw: 1.25, soc: 0.5 },
      ...{ site_id: 's', p_max_kw: 5, feeder_id: 'f' },
    }
    await client.publishAsync('der/telemetry/old-1', JSON.stringify(reading), { qos: 1 })
    await client.endAsync()
    await waitUntil('the reading', async () => {
      const [row] = await query<{ stored: number }>(
        'select count(*)::integer as stored from der_reading where p_actual_kw = 1.25',
      )
      return row!.stored === 1
    })
  })

  it('has what is new, and the name at the broker that it had', async () => {
    const { code, err } = await runProgram('backup/backup-cli.js', [join(folder, 'backups')], env)
    assert.equal(code, 0, err)
    assert.equal(readFileSync(join(env.DATA_DIR, 'installation-id'), 'utf8'), 'a1b2c3d4\n')
  })

  it('leaves nothing to do for the next start', async () => {
    const flows = await system.flows()
    await system.stop()
    system.lines.length = 0
    system.start()
    await system.healthy()
    assert.deepEqual(await system.flows(), flows)
    assert.ok(!system.lines.some((line) => /flows: /.test(line)))
  })
})
