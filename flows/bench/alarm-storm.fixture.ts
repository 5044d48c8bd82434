import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { alarmsBegin } from '../../nodes/alarms/said.fixture.ts'
import { KeeperProcess, type KeeperPeaks } from '../../nodes/alarms/keeper/keeper-process.fixture.ts'
import {
  conditionsIn,
  countStorm,
  expectedOf,
  offerStorm,
  stormMessages,
  type Storm,
  type StormRun,
} from '../../nodes/alarms/keeper/storm.fixture.ts'
import { alarmKpis } from '../../nodes/alarms/kpis/alarm-kpis.ts'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { startEmbeddedDatabase, type DatabaseLogin } from '../../platform/runtime/embedded-database.ts'
import { Database } from '../../platform/storage/database.ts'
import { migrate } from '../../platform/storage/migrate.ts'
import { familyCpuSeconds } from './measure.fixture.ts'

type Row = [name: string, value: string]

/** 100,000 conditions: 30 outages with the silent meters behind them, and other faults beside. */
export const greatStorm: Storm = { outages: 30, metersEach: 3_000, faults: 9_970 }
const perSecond = 10_000
const hourMs = 3_600_000
const plainAtOnce = 2_000

export interface MeasuredStorm extends StormRun {
  readonly peaks: KeeperPeaks
  readonly databaseCpuSeconds: number
  /** The same conditions written by plain inserts and nothing else, in the same run. */
  readonly plainMs: number
  /** Key figures of the hour in which it came. */
  readonly kpis: Awaited<ReturnType<typeof alarmKpis>>
}

/** Offers 100,000 conditions in ten seconds to a keeper, and sees that each is an alarm, once. @throws where one is not */
export async function runGreatStorm(): Promise<MeasuredStorm> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-storm-'))
  chmodSync(folder, 0o755)
  // With the settings of operation: what is committed is on the disk.
  const server = await startEmbeddedDatabase({ dataDir: folder })
  const client = new Client(server.owner)
  let keeper: KeeperProcess | undefined
  try {
    await migrate(server.owner, server.running.user, () => undefined)
    await client.connect()
    const plainMs = await plainInserts(client)
    keeper = new KeeperProcess({ login: server.running, now: alarmsBegin + hourMs, outagesSince: alarmsBegin })
    // It has begun.
    await keeper.offer([])
    const before = familyCpuSeconds(server.pid)
    const run = await offerStorm(keeper, greatStorm, perSecond)
    const databaseCpuSeconds = familyCpuSeconds(server.pid) - before
    assert.deepEqual(await countStorm(client), expectedOf(greatStorm))
    return { ...run, peaks: keeper.peaks, databaseCpuSeconds, plainMs, kpis: await kpisOfStorm(server.running) }
  } finally {
    await keeper?.kill()
    await client.end()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function kpisOfStorm(login: DatabaseLogin): Promise<MeasuredStorm['kpis']> {
  const database = new Database(login)
  try {
    await database.ready()
    const hour = { from: alarmsBegin, until: alarmsBegin + hourMs, scope: null }
    return await alarmKpis(database, hour, civilDaysIn('America/Sao_Paulo'))
  } finally {
    await database.close()
  }
}

async function plainInserts(client: Client): Promise<number> {
  await client.query('create table plain (key text primary key, condition jsonb)')
  const began = performance.now()
  for (const message of stormMessages(greatStorm, plainAtOnce))
    await client.query(`insert into plain select c ->> 'key', c from jsonb_array_elements($1::jsonb) c`, [
      JSON.stringify(message),
    ])
  return performance.now() - began
}

export async function measureAlarmStorm(progress: (line: string) => void): Promise<Row[]> {
  progress(`alarms: a storm of ${conditionsIn(greatStorm)} conditions, ${perSecond}/s`)
  const { conditions, offeredMs, storedMs, refused, peaks, databaseCpuSeconds, plainMs } = await runGreatStorm()
  return [
    [`a storm of ${conditions} conditions`, `offered in ${(offeredMs / 1_000).toFixed(1)} s, each an alarm, once`],
    ['  stored', `in ${(storedMs / 1_000).toFixed(1)} s, ${Math.round(conditions / (storedMs / 1_000))}/s`],
    ['  rate to plain inserts of the same', `× ${(plainMs / storedMs).toFixed(2)}`],
    ['  most that waited', `${peaks.waiting} conditions; ${refused} messages refused and offered again`],
    ['  heap of the keeper at its highest', `${Math.round(peaks.heapMb)} MB`],
    ['  CPU', `keeper ${peaks.cpuSeconds.toFixed(1)} s, PostgreSQL ${databaseCpuSeconds.toFixed(1)} s`],
    ['  load of the machine meanwhile', loadavg()[0]!.toFixed(1)],
  ]
}
