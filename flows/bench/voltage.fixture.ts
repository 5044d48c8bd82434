import { type ChildProcess, fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { windowMs } from '../../nodes/voltage/domain/windows.ts'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../platform/runtime/embedded-database.ts'
import { migrate } from '../../platform/storage/migrate.ts'
import { cpuSeconds } from '../node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from '../running-system.fixture.ts'
import { tellTime } from '../voltage-windows.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import { familyCpuSeconds } from './measure.fixture.ts'
import type { KeeperReport, KeeperTask } from './voltage-keeper.fixture.ts'

type Row = [name: string, value: string]

/** Beginning of the first window, UTC milliseconds. */
const begin = Date.UTC(2026, 2, 2, 12)
const minuteMs = 60_000
const settleMs = 200_000
const minutesPerWindow = windowMs / minuteMs
/** Readings of a commit. */
const commitOf = 2_000
const patience = { withinMs: 1_800_000, everyMs: 100 }

/**
 * What the windows of so many consumer units take, at a reading a minute: memory and processor time of the process that
 * computes them, and of PostgreSQL.
 */
export async function measureWindows(units: number, progress: (line: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-voltage-'))
  chmodSync(folder, 0o755)
  // With the settings of operation: what is committed is on the disk.
  const server = await startEmbeddedDatabase({ dataDir: folder })
  const owner = new Client(server.owner)
  const keeper = new Keeper()
  try {
    await migrate(server.owner, server.running.user, () => undefined)
    await owner.connect()
    progress(`voltage: readings of ${units} units`)
    await fillRegistry(owner, units)
    await fillReadings(owner, units)

    keeper.start({ login: server.running, settleMs, now: begin + minuteMs })
    await keeper.reaches('begins', ({ rss }) => rss > 0)
    const idle = keeper.last
    const started = cpuOf(keeper, server)
    await waitUntil('every commit to be looked at', async () => (await commitsBehind(owner)) === 0, patience)
    await keeper.reaches('has told of it', () => true)
    const looked = cpuOf(keeper, server)

    progress(`voltage: closes a window of ${units} units`)
    const began = performance.now()
    const until = begin + windowMs
    keeper.tell(until + settleMs)
    await keeper.reaches('has closed the windows', ({ closedUntil = 0 }) => closedUntil >= until)
    const tookS = (performance.now() - began) / 1_000
    const closed = cpuOf(keeper, server)

    const found = await windowsIn(owner)
    if (found.windows !== units || found.valid !== units)
      throw new Error(`${found.windows} windows, ${found.valid} of them valid, of ${units} units`)
    const readings = units * minutesPerWindow
    const cpu = (from: Cpu, to: Cpu): string => {
      const perMillion = (seconds: number): string => ((seconds / readings) * 1e6).toFixed(2)
      const [node, database] = [to.nodeS - from.nodeS, to.databaseS - from.databaseS]
      return `${perMillion(node + database)} s: Node ${perMillion(node)}, PostgreSQL ${perMillion(database)}`
    }
    const growth = (of: 'rss' | 'heap'): string =>
      `${megabytes(idle[of])} idle, ${megabytes(keeper.most[of])} at most: ${((keeper.most[of] - idle[of]) / units).toFixed(0)} bytes a unit`
    return [
      [`a window of ${units} units`, `${readings} readings, closed in ${tookS.toFixed(1)} s`],
      ['  CPU a million readings', cpu(started, closed)],
      ['    looking whether they are late', cpu(started, looked)],
      ['    closing', cpu(looked, closed)],
      ['  memory of the process: RSS', growth('rss')],
      ['    heap', growth('heap')],
      ['  on disk', `${(found.bytes / units).toFixed(0)} bytes a window`],
    ]
  } finally {
    keeper.stop()
    await owner.end()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How long Node-RED with the shipped flows takes, killed with so many windows open, until they are closed and it answers. */
export async function measureTakeUp(units: number, progress: (line: string) => void): Promise<Row[]> {
  const system = await startSystem({ broker: 'mosquitto', env: { CLOCK: 'simulated' } })
  try {
    progress(`voltage: ${units} windows open at kill -9`)
    const owner = new Client(system.database.owner)
    await owner.connect()
    try {
      await fillRegistry(owner, units)
      await fillReadings(owner, units)
    } finally {
      await owner.end()
    }
    await tellTime(system, begin + windowMs - minuteMs)
    // As it is in operation: all that is stored has been rolled up and looked at, only windows are open.
    await waitUntil('what follows the store', async () => (await commitsNotFollowed(system)) === 0, patience)
    await system.nodeRed.kill()
    // Its window is over, and had time to settle, when it is back.
    await tellTime(system, begin + windowMs + settleMs)
    const databaseBefore = familyCpuSeconds(system.database.pid)
    const began = performance.now()
    await system.nodeRed.start()
    const answers = performance.now() - began
    const closed = async (): Promise<boolean> => {
      const [row] = await system.database.query<{ open: number }>(
        `select count(*)::float8 as open from voltage_progress where closed_until < to_timestamp($1::float8 / 1000)`,
        [begin + windowMs],
      )
      return row?.open === 0
    }
    await waitUntil('the windows', closed, { ...patience, everyMs: 50 })
    const closedAfter = performance.now() - began
    const nodeS = cpuSeconds(system.nodeRed.pid) ?? NaN
    const databaseS = familyCpuSeconds(system.database.pid) - databaseBefore
    await system.nodeRed.healthy()
    const live = performance.now() - began
    const found = (
      await system.database.query<{ windows: number }>('select count(*)::float8 as windows from voltage_window')
    )[0]!
    if (found.windows !== units) throw new Error(`${found.windows} of ${units} windows are there`)
    const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
    return [
      [
        `restart with ${units} open windows`,
        `answers after ${seconds(answers)}, all closed after ${seconds(closedAfter)}, healthy after ${seconds(live)}`,
      ],
      ['  CPU from start to closed', `Node-RED ${nodeS.toFixed(1)} s, PostgreSQL ${databaseS.toFixed(1)} s`],
      ['  load of the machine meanwhile', loadavg()[0]!.toFixed(1)],
    ]
  } finally {
    await system.stop()
  }
}

/**
 * Units in the low-voltage network, half of them with one phase, the others with two and three, each with a meter; and windows
 * that have been closed up to `begin`.
 */
async function fillRegistry(owner: Client, units: number): Promise<void> {
  await owner.query(
    `insert into device (device_id, kind, status, nominal_voltage_v)
     select 'bench-' || n, 'meter', 'active', case when n % 3 = 0 then 220 else 127 end from generate_series(1, $1::integer) n`,
    [units],
  )
  await owner.query(
    `insert into consumer_unit (unit_id, phases, nominal_voltage_v)
     select device_id, (array['A', 'AB', 'A', 'ABC'])[1 + device_key % 4], nominal_voltage_v from device where kind = 'meter'`,
  )
  // Looking for overlaps, which there are none of, would take longer than all that is measured.
  await owner.query('alter table meter_assignment disable trigger user')
  await owner.query(
    `insert into meter_assignment (unit_id, device_key, validity)
     select device_id, device_key, '[2020-01-01,)' from device where kind = 'meter'`,
  )
  await owner.query('alter table meter_assignment enable trigger user')
  await owner.query(
    `insert into voltage_progress (closed_until, closing_until)
     values (to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000))
     on conflict (only_row) do update set closed_until = excluded.closed_until, closing_until = excluded.closing_until`,
    [begin],
  )
}

/** Ten minutes of readings, as they come: minute after minute, of all units, in commits of some. */
async function fillReadings(owner: Client, units: number): Promise<void> {
  for (const table of ['meter_reading', 'voltage_window', 'voltage_correction'])
    await owner.query('select ensure_partition($1, to_timestamp($2::float8 / 1000))', [table, begin])
  const commits = Math.floor(units / commitOf) + 1
  for (let minute = 1; minute <= minutesPerWindow; minute++) {
    const [at, firstBatch] = [begin + minute * minuteMs, (minute - 1) * commits + 1_000_000_000]
    await owner.query(
      `insert into meter_reading (at, batch_id, device_key, quality, va_v, vb_v, vc_v, p_kw, interval_s, aggregation)
       select to_timestamp($1::float8 / 1000), $2::bigint + device_key / $3::integer, device_key, 'good', volts,
         case when device_key % 4 in (1, 3) then volts * 0.99 end, case when device_key % 4 = 3 then volts * 1.01 end,
         1.2, 60, 'rms'
       from (select device_key, nominal_voltage_v * (0.97 + 0.05 * random()) as volts from device where kind = 'meter'
             order by device_key) meter`,
      [at, firstBatch, commitOf],
    )
    await owner.query(
      `insert into batch_log (position, batch_id, readings, events, first_at, last_at, committed_at)
       select nextval('batch_log_position'), $2::bigint + n, $3, 0, to_timestamp($1::float8 / 1000),
         to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000)
       from generate_series(0, $4::integer - 1) n`,
      [at, firstBatch, commitOf, commits],
    )
  }
  // As autovacuum would have done by then.
  await owner.query('vacuum (analyze) meter_reading')
  await owner.query('analyze device, consumer_unit, meter_assignment, batch_log')
}

async function commitsNotFollowed({ database }: RunningSystem): Promise<number> {
  const [row] = await database.query<{ behind: number }>(
    `select count(*)::float8 as behind from batch_log
     where position > coalesce((select min(position) from consumer_cursor where log = 'batch_log'), 0)`,
  )
  return row!.behind
}

async function commitsBehind(owner: Client): Promise<number> {
  const { rows } = await owner.query<{ behind: number }>(
    `select count(*)::float8 as behind from batch_log
     where position > coalesce((select position from consumer_cursor where consumer = 'voltage-windows'), 0)`,
  )
  return rows[0]!.behind
}

async function windowsIn(owner: Client): Promise<{ windows: number; valid: number; bytes: number }> {
  const { rows } = await owner.query<{ windows: number; valid: number; bytes: number }>(
    `select count(*)::float8 as windows, (count(*) filter (where invalid_reason is null))::float8 as valid,
       (select sum(pg_relation_size(oid))::float8 from pg_class where relname like 'voltage\\_window\\_2%' and relkind in ('r', 'i')) as bytes
     from voltage_window`,
  )
  return rows[0]!
}

interface Cpu {
  readonly nodeS: number
  readonly databaseS: number
}

const cpuOf = (keeper: Keeper, server: EmbeddedDatabase): Cpu => ({
  nodeS: keeper.last.cpuSeconds,
  databaseS: familyCpuSeconds(server.pid),
})

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** The process that keeps windows, as it tells of itself. */
class Keeper {
  last: KeeperReport = { ...{ closedUntil: undefined, behind: 0, rss: 0, heap: 0, cpuSeconds: 0 }, fault: undefined }
  most = { rss: 0, heap: 0 }
  #child: ChildProcess | undefined
  #ended = false

  start(task: KeeperTask): void {
    this.#child = fork(new URL('voltage-keeper.fixture.js', import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.once('exit', () => (this.#ended = true))
    this.#child.on('message', (report: KeeperReport) => {
      this.last = report
      this.most = { rss: Math.max(this.most.rss, report.rss), heap: Math.max(this.most.heap, report.heap) }
    })
    this.#child.send(task)
  }

  /** Waits for a report that says so. @throws Error where it has ended, or something went wrong in it */
  async reaches(what: string, isReached: (report: KeeperReport) => boolean): Promise<void> {
    const before = this.last
    await waitUntil(
      `the keeper ${what}`,
      async () => this.#ended || this.last.fault !== undefined || (this.last !== before && isReached(this.last)),
      patience,
    )
    if (this.#ended) throw new Error('the keeper of windows has ended')
    if (this.last.fault !== undefined) throw new Error(this.last.fault)
  }

  tell(now: number): void {
    this.#child!.send({ now })
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
  }
}
