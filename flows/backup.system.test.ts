import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type QueryResultRow } from 'pg'
import { runningDatabase } from '../platform/network/running-database.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { readEnvironment } from '../platform/runtime/environment.ts'
import { startLoad } from './field-load.fixture.ts'
import { numberedAt } from './field-messages.fixture.ts'
import { hasMosquitto, type Mosquitto, startMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { runProgram, startProgram, SupervisedSystem } from './supervised.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const count = 60_000
/** As many are stored when the backup begins: the rest takes ten seconds and more, in which it is taken. */
const storedBefore = count / 10

/** The drill: a system under load is backed up, lost, and restored on another data directory. */
describe('backup and restore of a running system', function () {
  this.timeout(180_000)
  let folder: string
  let broker: Mosquitto
  let system: SupervisedSystem
  let original: Settings
  let restored: Settings
  let backup: string
  const start = Date.now()

  type Settings = Record<'PORT' | 'DATA_DIR' | 'FLOWS_DIR' | 'MQTT_URL', string>

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    folder = mkdtempSync(join(tmpdir(), 'linha-viva-drill-'))
    chmodSync(folder, 0o755)
    broker = await startMosquitto(folder, () => undefined)
    original = await settings('original')
    restored = await settings('restored')
    system = new SupervisedSystem(original)
    system.start()
    await system.healthy()
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lines.join('\n'))
    await system?.stop()
    await broker?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  async function settings(name: string): Promise<Settings> {
    mkdirSync(join(folder, name))
    return {
      PORT: String(await freePort()),
      DATA_DIR: join(folder, name, 'data'),
      FLOWS_DIR: join(folder, name, 'flows'),
      MQTT_URL: `mqtt://127.0.0.1:${broker.port}`,
    }
  }

  async function query<Row extends QueryResultRow>(of: Settings, text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client(runningDatabase(readEnvironment(of)))
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  const readings = async (of: Settings): Promise<number> =>
    (await query<{ stored: number }>(of, 'select count(*)::integer as stored from der_reading'))[0]!.stored

  const flowsOf = ({ FLOWS_DIR }: Settings): Record<string, string> =>
    Object.fromEntries(
      readdirSync(FLOWS_DIR)
        .filter((file) => file.endsWith('.json'))
        .map((file) => [file, readFileSync(join(FLOWS_DIR, file), 'utf8')]),
    )

  it('is taken while readings come in, and holds those of one instant', async () => {
    const tab = { id: 'engineers', type: 'tab', label: "An engineer's own" }
    const flows = await system.flows()
    const credentials = {
      id: 'secretive',
      type: 'http request',
      z: 'engineers',
      name: '',
      x: 100,
      y: 100,
      wires: [[]],
      authType: 'basic',
      credentials: { user: 'u', password: 'p' },
    }
    const deployed = await system.admin.fetch('/editor/flows', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([...flows, tab, credentials]),
    })
    assert.ok(deployed.ok)
    const load = startLoad({
      brokerUrl: original.MQTT_URL,
      kind: 'numbered',
      count,
      perSecond: 2_000,
      publishers: 3,
      start,
    })
    try {
      await waitUntil('the first readings', async () => (await readings(original)) > storedBefore, { everyMs: 50 })
      const { code, out, err } = await runProgram('backup/backup-cli.js', [join(folder, 'backups')], original)
      assert.equal(code, 0, err)
      backup = out.trim()
      assert.ok(load.published < count, 'the load was over before the backup')
      await load.done
    } finally {
      await load.stop()
    }
    const { tables } = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as {
      tables: { table: string; rows: number }[]
    }
    const rows = tables.find(({ table }) => table === 'der_reading')!.rows
    assert.ok(rows >= storedBefore && rows < count, `${rows} readings in the backup`)
    say(`backup of ${rows} readings, while ${count} came in`)
  })

  it('that is killed leaves nothing that could be taken for one', async () => {
    const killed = startProgram('backup/backup-cli.js', [join(folder, 'killed')], original)
    const partial = await waitUntil(
      'the backup to begin',
      async () => existsSync(join(folder, 'killed')) && readdirSync(join(folder, 'killed'))[0],
      { everyMs: 1 },
    )
    killed.kill('SIGKILL')
    await new Promise((resolve) => killed.once('close', resolve))
    assert.match(partial, /\.partial$/)
    const { code, err } = await runProgram('backup/restore-cli.js', [join(folder, 'killed', partial)], restored)
    assert.equal(code, 1)
    assert.match(err, /has no manifest\.json: it is no backup, or one that was not completed\n$/)
    // And the system goes on.
    assert.equal((await system.healthy()).status, 'ok')
  })

  it('is not restored into a system that runs, nor over one that holds data', async () => {
    const running = await runProgram('backup/restore-cli.js', [backup], original)
    assert.equal(running.code, 2)
    assert.match(running.err, /\nrestore: DATA_DIR .* is in use by another instance [^\n]*\n$/)
    await system.stop()
    const full = await runProgram('backup/restore-cli.js', [backup], original)
    assert.equal(full.code, 2)
    assert.match(full.err, /\nrestore: the database holds data already [^\n]*--force[^\n]*\n$/)
  })

  it('that is killed while it is restored leaves the database as it was, and can be restored again', async () => {
    const killed = startProgram('backup/restore-cli.js', [backup], restored)
    let said = ''
    killed.stderr!.on('data', (text) => (said += String(text)))
    await waitUntil('the readings to be loaded', async () => said.includes('batch_log: '), { everyMs: 1 })
    killed.kill('SIGKILL')
    await new Promise((resolve) => killed.once('close', resolve))
    assert.ok(!said.includes('restored'))
    assert.ok(!existsSync(join(restored.FLOWS_DIR, 'telemetry.json')))
    const { code, err } = await runProgram('backup/restore-cli.js', [backup], restored)
    assert.equal(code, 0, err)
    assert.match(err, /der_reading: [\d,]+ rows\n[^]*restored; start Linha Viva\n$/)
    assert.deepEqual(flowsOf(restored), flowsOf(original))
  })

  it('brings a system back that goes on where the backup was taken, and loses nothing that waits at the broker', async () => {
    // The original is lost for good. What the field sends meanwhile waits for the installation, by its name.
    rmSync(join(folder, 'original'), { recursive: true })
    const more = startLoad({
      brokerUrl: restored.MQTT_URL,
      kind: 'numbered',
      count: 5_000,
      publishers: 2,
      from: count,
      start,
    })
    await more.done
    await more.stop()
    system = new SupervisedSystem(restored)
    system.start()
    await system.healthy()
    const stored = await waitUntil('what waited to be stored', async () => {
      const [row] = await query<{ waited: number }>(
        restored,
        `select count(*)::integer as waited from der_reading where abs(estimated_power_w) >= $1`,
        [count],
      )
      return row!.waited >= 5_000 && row!.waited
    })
    assert.equal(stored, 5_000)
    await waitUntil('the roll-ups', async () => {
      const [row] = await query<{ behind: boolean }>(
        restored,
        `select exists (select from batch_log where position > (select position from consumer_cursor where consumer = 'rollups')) as behind`,
      )
      return !row!.behind
    })
    // Each reading is in the hours exactly once: those of the backup, those it had not rolled up yet, and the new ones.
    const [row] = await query<{ readings: number; rolled: number; first: boolean }>(
      restored,
      `select count(*)::integer as readings,
         (select sum(samples)::integer from reading_hour where measure = 'p_actual_kw') as rolled,
         bool_or(at = to_timestamp($1::float8 / 1000)) as first
       from der_reading`,
      [numberedAt(13, start)],
    )
    assert.equal(row!.rolled, row!.readings)
    assert.ok(row!.first)
    say(`${row!.readings} readings after the restore, each in the roll-ups once`)
  })

  it('brings back credentials that can be opened, with the secret they were written with', async () => {
    const response = await system.admin.fetch('/editor/credentials/http-request/secretive')
    assert.deepEqual(await response.json(), { user: 'u', has_password: true })
    assert.ok((await system.flows()).some(({ id }) => id === 'engineers'))
  })

  it('replaces what is there when forced, and keeps the flows that were there', async () => {
    await system.stop()
    rmSync(join(restored.FLOWS_DIR, 'first-screen.json'))
    const { code, err } = await runProgram('backup/restore-cli.js', ['--force', backup], restored)
    assert.equal(code, 0, err)
    assert.match(err, /flows: restored to /)
    assert.ok(existsSync(join(restored.FLOWS_DIR, 'first-screen.json')))
    system.start()
    await system.healthy()
    assert.ok((await readings(restored)) < count)
  })
})
