import { type ChildProcess, fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedDatabase } from '../../platform/runtime/embedded-database.ts'
import { migrate } from '../../platform/storage/migrate.ts'
import { waitUntil } from '../waiting.fixture.ts'
import { familyCpuSeconds } from './measure.fixture.ts'
import type { OutageReport, OutageTask } from './outage-keeper.fixture.ts'

type Row = [name: string, value: string]

/** Tuesday, 10 March 2026, 09:00 in São Paulo. */
const noon = Date.UTC(2026, 2, 10, 12)
const patience = { withinMs: 600_000, everyMs: 20 }
const refreshes = 5

/**
 * How soon the ranked list is there when a switch takes the supply of so many units at once, among as many that keep it, and how
 * long it takes to make it again: from the commit of the switch's event on.
 */
export async function measureOutages(units: number, progress: (line: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-outages-'))
  chmodSync(folder, 0o755)
  // With the settings of operation: what is committed is on the disk.
  const server = await startEmbeddedDatabase({ dataDir: folder })
  const owner = new Client(server.owner)
  const keeper = new Keeper()
  try {
    await migrate(server.owner, server.running.user, () => undefined)
    await owner.connect()
    progress(`outages: ${2 * units} units`)
    await fillUnits(owner, 2 * units)
    const loading = performance.now()
    keeper.start({ login: server.running, now: noon })
    await keeper.reaches('has read the profiles', ({ unitsKnown }) => unitsKnown === 2 * units)
    const loadedS = (performance.now() - loading) / 1_000
    const idle = keeper.last

    await waitUntil('the network to be taken in', async () => (await waiting(owner)) === 0, patience)
    progress(`outages: ${units} units out at once`)
    keeper.forgetTurns()
    const before = { node: keeper.last.cpuSeconds, database: familyCpuSeconds(server.pid) }
    await openSwitch(owner)
    const committed = Date.now()
    await waitUntil('the interruption', async () => (await interruptions(owner)) === 1, patience)
    const written = Date.now()
    await keeper.reaches('lists it', ({ unitsOut }) => unitsOut === units)
    const listed = keeper.last
    const databaseS = familyCpuSeconds(server.pid) - before.database
    await keeper.reaches('knows when limits break', ({ hasSteps }) => hasSteps)
    const stepped = keeper.last
    const took: number[] = []
    for (let count = 0; count < refreshes; count++) {
      const before = keeper.last.tookMs
      await keeper.reaches('makes it again', ({ tookMs }) => tookMs !== before)
      took.push(keeper.last.tookMs)
    }
    const [most, turn] = [Math.max(...took), keeper.last.longestTurnMs]
    return [
      [`profiles of ${2 * units} units are read in`, `${loadedS.toFixed(1)} s, ${megabytes(idle.rss)} in all`],
      [`${units} units out by one switch`, `interruption ${written - committed} ms after its event`],
      ['  ranked list after the event', `${listed.at - committed} ms`],
      [
        '  CPU until then',
        `Node ${(listed.cpuSeconds - before.node).toFixed(1)} s, PostgreSQL ${databaseS.toFixed(1)} s`,
      ],
      ['  breaks of limits after it', `${stepped.at - committed} ms`],
      ['  the list made again', `in ${most.toFixed(0)} ms at most, of ${took.map((ms) => ms.toFixed(0)).join(', ')}`],
      ['  longest without a turn for others', `${turn.toFixed(0)} ms`],
      ['  R$ avoided', `${keeper.last.avoidedBrl.toFixed(2)}, ${keeper.last.pendingUnits} units pending`],
      ['  load of the machine meanwhile', loadavg()[0]!.toFixed(1)],
    ]
  } finally {
    keeper.stop()
    await owner.end()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Units in the low voltage of 20 conjuntos, each with a monetary base of its own; a third with outages before in the month. */
async function fillUnits(owner: Client, units: number): Promise<void> {
  await owner.query(
    `insert into conjunto (conjunto_id, name) select 'c-' || n, 'C ' || n from generate_series(0, 19) n`,
  )
  await owner.query(`insert into conjunto_limit (conjunto_id, year, dec_hundredths, fec_hundredths)
    select conjunto_id, 2026, 800, 600 from conjunto`)
  await owner.query(`insert into individual_limit_row (voltage_class, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
    values ('BT', '2020-01-01', 8, 5, 6, 12, 24, 'bench')`)
  await owner.query(
    `insert into consumer_unit (unit_id, conjunto_id, area, nominal_voltage_v)
     select 'unit-' || n, 'c-' || (n % 20), case when n % 4 = 0 then 'non_urban' else 'urban' end, 127
     from generate_series(1, $1::integer) n`,
    [units],
  )
  await owner.query(
    `insert into unit_monetary_base (unit_id, month, vrc_brl, source)
     select unit_id, '2026-02-01', round((20 + 200 * random())::numeric, 2), 'bench' from consumer_unit`,
  )
  await owner.query(
    `insert into unit_continuity (unit_id, month, dic_ms, fic, dmic_ms, changed, violation_changed, computed_at, lasts, parcels, violated)
     select unit_id, '2026-03-01', 3600000 * (1 + 8 * random()), 1 + (6 * random())::integer, 3600000, 0, 0, now(), false, '{}', '{}'
     from consumer_unit where hashtext(unit_id) % 3 = 0`,
  )
  await owner.query(
    `insert into unit_service select unit_id, 'essential' from consumer_unit where hashtext(unit_id) % 1000 = 0`,
  )
  await fillNetwork(owner, units)
  await owner.query('vacuum (analyze)')
}

/** A feeder with a switch in its middle: half of the transformers, of a hundred units each, behind it. */
async function fillNetwork(owner: Client, units: number): Promise<void> {
  await owner.query(`insert into network_source (source_id, section_id) values ('source', 'near')`)
  await owner.query(`insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break)
    values ('sw-1', 'near', 'far', true, true)`)
  await owner.query(`insert into device (device_id, kind, status) values ('sw-1', 'switch', 'active')`)
  await owner.query(
    `insert into network_transformer (transformer_id, section_id)
     select 'tr-' || n, case when n % 2 = 0 then 'near' else 'far' end from generate_series(0, $1::integer / 100 - 1) n`,
    [units],
  )
  await owner.query(
    `insert into unit_supply (unit_id, transformer_id)
     select 'unit-' || n, 'tr-' || n % ($1::integer / 100) from generate_series(1, $1::integer) n`,
    [units],
  )
}

/** As the store of telemetry writes it: one transaction. */
async function openSwitch(owner: Client): Promise<void> {
  await owner.query('begin')
  await owner.query(`select nextval('batch_number')`)
  await owner.query(
    `insert into field_event (device_key, event_id, at, received_at, batch_id, type, quality)
     select device_key, 'opened', at, at, currval('batch_number'), 'switch_opened', 'good'
     from device, to_timestamp($1::float8 / 1000) at where device_id = 'sw-1'`,
    [noon],
  )
  await owner.query(
    `select append_batch(currval('batch_number'), 0, 1, at, at, at) from to_timestamp($1::float8 / 1000) at`,
    [noon],
  )
  await owner.query('commit')
}

const waiting = (owner: Client): Promise<number> =>
  countOf(owner, 'select count(*)::float8 as count from network_change')
const interruptions = (owner: Client): Promise<number> =>
  countOf(owner, 'select count(*)::float8 as count from interruption')

async function countOf(owner: Client, query: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(query)
  return rows[0]!.count
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** The process that keeps the outlook, as it tells of itself. */
class Keeper {
  last: OutageReport = {
    ...{
      at: 0,
      unitsKnown: undefined,
      unitsOut: 0,
      avoidedBrl: 0,
      pendingUnits: 0,
      hasSteps: false,
      tookMs: 0,
      longestTurnMs: 0,
      rss: 0,
      cpuSeconds: 0,
    },
    fault: undefined,
  }
  #child: ChildProcess | undefined
  #ended = false
  #waiting: { isReached: (report: OutageReport) => boolean; reached: boolean } | undefined

  start(task: OutageTask): void {
    this.#child = fork(new URL('outage-keeper.fixture.js', import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.once('exit', () => (this.#ended = true))
    this.#child.on('message', (report: OutageReport) => {
      // Until somebody has looked, the first report that says what was waited for stays.
      if (this.#waiting?.reached) return
      this.last = report
      if (this.#waiting?.isReached(report)) this.#waiting.reached = true
    })
    this.#child.send(task)
  }

  /** Waits for the first report that says so. @throws Error where it has ended, or something went wrong in it */
  async reaches(what: string, isReached: (report: OutageReport) => boolean): Promise<void> {
    const waiting = { isReached, reached: isReached(this.last) }
    this.#waiting = waiting
    await waitUntil(
      `the keeper ${what}`,
      async () => this.#ended || this.last.fault !== undefined || waiting.reached,
      patience,
    )
    this.#waiting = undefined
    if (this.#ended) throw new Error('the keeper of the outlook has ended')
    if (this.last.fault !== undefined) throw new Error(this.last.fault)
  }

  forgetTurns(): void {
    this.#child!.send('forget turns')
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
  }
}
