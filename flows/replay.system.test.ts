import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { installation } from '../platform/runtime/installation.ts'
import { onLines } from '../platform/runtime/lines.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { rollupsUpToDate } from './stored-truth.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** A consumer unit's 10-minute means of a whole year; not part of the project. */
const recording = join(installation, '../shared/data/voltage-10min-2008.csv')
const intervalMs = 600_000
const asMeter = [
  ...['--map', 'va_v=voltage_v,ia_a=current_a,p_kw=active_kw,q_kvar=reactive_kvar'],
  ...['--set', 'interval_s=600,aggregation=mean', '--timestamp-is', 'start'],
]

/** Runs the program to its end. @returns what it printed, line by line, and its exit code */
async function replay(
  system: RunningSystem,
  device: string,
  flags: string[],
): Promise<{ lines: string[]; code: number }> {
  const program = join(installation, 'dist/simulator/replay.js')
  const args = ['--file', recording, '--device', device, '--url', system.brokerUrl, ...flags]
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...system.fieldEnv },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) onLines(stream, (line) => lines.push(line))
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? 1)))
  return { lines, code }
}

/** Rows of the recording that have values, as instants at the end of their interval. */
function recorded(): { at: number; volts: number }[] {
  const [, ...rows] = readFileSync(recording, 'utf8').trim().split('\n')
  return rows.flatMap((row) => {
    const [start, volts] = row.split(',')
    return volts ? [{ at: Date.parse(start!) + intervalMs, volts: Number(volts) }] : []
  })
}

async function stored(system: RunningSystem, device: string) {
  return system.database.row<{
    rows: number
    good: number
    first: Date
    last: Date
    volts: number
    hours: number
    samples: number
  }>(
    `with device as (select device_key from device where device_id = $1),
       hours as (select * from reading_hour join device using (device_key) where measure = 'va_v')
     select count(*)::float8 as rows, (count(*) filter (where quality = 'good'))::float8 as good,
       min(at) as first, max(at) as last, sum(va_v) as volts,
       (select count(*)::float8 from hours) as hours, (select sum(samples)::float8 from hours) as samples
     from meter_reading join device using (device_key)`,
    [device],
  )
}

const quarantined = async (system: RunningSystem): Promise<unknown[]> =>
  system.database.query('select reason, device_id, count::float8 from quarantine_count')

for (const broker of ['mosquitto', 'embedded'] as const) {
  describe(`a recorded year in minutes, through the ${broker} broker`, function () {
    this.timeout(300_000)
    let system: RunningSystem

    before(async function () {
      if (!existsSync(recording)) {
        say(`skipped: the recording is not there (${recording})`)
        this.skip()
      }
      if (broker === 'mosquitto' && !hasMosquitto) {
        say(withoutMosquitto)
        this.skip()
      }
      // A year, and what is before it: readings of DERs are kept for so long by the platform's clock.
      system = await startSystem({ broker, env: { CLOCK: 'simulated', READING_RETENTION_DAYS: '400' } })
    })
    after(async function () {
      if (this.currentTest?.state === 'failed') say(system.lastLines())
      await system?.stop()
    })

    it('is stored with every reading at its own time: none late, none refused, none lost', async () => {
      const rows = recorded()
      const began = performance.now()
      const { lines, code } = await replay(system, 'recorded-1', [...asMeter, '--speed', 'max'])
      const sending = ((performance.now() - began) / 1_000).toFixed(0)
      assert.equal(code, 0, lines.join('\n'))
      assert.equal(lines.at(-1), `[replay] ${rows.length} sent, 10 skipped (10 nothing measured), 0 refused`)
      await waitUntil('every reading', async () => (await stored(system, 'recorded-1')).rows >= rows.length, {
        withinMs: 180_000,
        explain: async () => JSON.stringify([await stored(system, 'recorded-1'), await quarantined(system)]),
      })
      const storing = ((performance.now() - began) / 1_000).toFixed(0)
      await rollupsUpToDate(system.database)
      const rolled = ((performance.now() - began) / 1_000).toFixed(0)
      say(`${rows.length} readings sent in ${sending} s, all stored after ${storing} s, rolled up after ${rolled} s`)

      const found = await stored(system, 'recorded-1')
      assert.deepEqual([found.rows, found.good], [rows.length, rows.length])
      assert.deepEqual([found.first.getTime(), found.last.getTime()], [rows[0]!.at, rows.at(-1)!.at])
      const volts = rows.reduce((sum, row) => sum + row.volts, 0)
      assert.ok(Math.abs(found.volts - volts) < 1e-6 * volts)
      assert.equal(found.hours, new Set(rows.map(({ at }) => Math.floor(at / 3_600_000))).size)
      assert.equal(found.samples, rows.length)
      assert.deepEqual(await quarantined(system), [])
    })

    it('leaves the clock at its end, and the platform lives at that time', async () => {
      const end = new Date(recorded().at(-1)!.at).toISOString()
      const { clock, ingest } = await waitUntil('the overview to see the meter report', async () => {
        const health = await system.nodeRed.healthy()
        return health.offlineDevices === 0 && health
      })
      assert.deepEqual(clock, { source: 'simulated', at: end, rate: 0 })
      assert.deepEqual([ingest.inFlight, ingest.quarantined], [0, 0])
      const known = await system.database.row<{ firstSeenAt: Date; updatedAt: Date; committedAt: Date }>(
        // Who follows alarms or commands begins at their end, perhaps before the clock was told.
        `select first_seen_at as "firstSeenAt",
           (select max(updated_at) from consumer_cursor where position > 0 and log not in ('alarms', 'commands')) as "updatedAt",
           (select max(committed_at) from batch_log) as "committedAt"
         from device where device_id = 'recorded-1'`,
      )
      for (const instant of [known.firstSeenAt, known.updatedAt, known.committedAt])
        assert.ok(instant <= new Date(end) && instant >= new Date('2007-12-31T23:00:00Z'), String(instant))
    })

    // The embedded broker keeps sessions within bounds: that nothing is lost, mosquitto promises; and days are kept whatever the broker.
    if (broker === 'embedded') return
    it('makes a partition a day for a DER, and keeps the year', async () => {
      const rows = recorded()
      const began = performance.now()
      const place = 'type=load,site_id=house-1,feeder_id=f-1,p_max_kw=12'
      const asDer = ['--kind', 'der', '--map', 'p_actual_kw=active_kw', '--set', place, '--speed', 'max']
      const { lines, code } = await replay(system, 'recorded-der', asDer)
      assert.equal(code, 0, lines.join('\n'))
      const found = async () =>
        system.database.row<{ rows: number; good: number; days: number }>(
          `select count(*)::float8 as rows, (count(*) filter (where quality = 'good'))::float8 as good,
             count(distinct tableoid)::float8 as days from der_reading`,
        )
      await waitUntil('every reading', async () => (await found()).rows >= rows.length, {
        withinMs: 180_000,
        explain: async () => JSON.stringify([await found(), await quarantined(system)]),
      })
      say(
        `a partition a day: ${rows.length} readings stored after ${((performance.now() - began) / 1_000).toFixed(0)} s`,
      )
      // The year has 366 days, and begins an hour before midnight UTC.
      assert.deepEqual(await found(), { rows: rows.length, good: rows.length, days: 367 })
      await rollupsUpToDate(system.database)
    })

    it('loses none and calls none late when Node-RED is killed in the midst of it', async () => {
      const rows = recorded()
      const replayed = replay(system, 'recorded-2', [...asMeter, '--speed', 'max'])
      for (const share of [0.1, 0.4]) {
        await waitUntil(
          `${share} of the readings`,
          async () => (await stored(system, 'recorded-2')).rows >= share * rows.length,
          { everyMs: 20 },
        )
        const { ingest, clock } = await system.nodeRed.health()
        await system.nodeRed.kill()
        say(`Node-RED killed at ${clock.at} with ${ingest.inFlight} messages in flight`)
        await system.nodeRed.start()
      }
      assert.equal((await replayed).code, 0)
      await waitUntil('every reading', async () => (await stored(system, 'recorded-2')).rows >= rows.length, {
        withinMs: 120_000,
        explain: async () => JSON.stringify([await stored(system, 'recorded-2'), await quarantined(system)]),
      })
      const found = await stored(system, 'recorded-2')
      assert.deepEqual([found.rows, found.good], [rows.length, rows.length])
      assert.deepEqual(await quarantined(system), [])
    })
  })
}
