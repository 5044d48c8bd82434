import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type ClientConfig } from 'pg'
import {
  alarmKeyOf,
  alarmOrders,
  countAlarms,
  listAlarms,
  type AlarmKey,
} from '../../nodes/alarms/lists/alarm-repository.ts'
import type { AlarmFilter } from '../../nodes/alarms/lists/alarm-filter.ts'
import { listOccurrences } from '../../nodes/alarms/lists/history-repository.ts'
import { seedManyAlarms, seedManyOccurrences } from '../../nodes/alarms/lists/seeded-alarms.fixture.ts'
import { alarmKpis } from '../../nodes/alarms/kpis/alarm-kpis.ts'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { startEmbeddedDatabase } from '../../platform/runtime/embedded-database.ts'
import { Database } from '../../platform/storage/database.ts'
import { migrate } from '../../platform/storage/migrate.ts'

type Row = [name: string, value: string]

const newestAt = Date.UTC(2026, 2, 10, 12)
const rounds = 5
const all: AlarmFilter = { grouped: true, scope: null }
const hourMs = 3_600_000

/** What people ask of a list, and the worst of it: filters that hardly anything fits, and pages far behind. */
const filters: Readonly<Record<string, AlarmFilter>> = {
  'all that stand': all,
  'members too': { ...all, grouped: false },
  'by states': { ...all, states: ['B', 'D', 'E'] },
  'by states that few have': { ...all, states: ['F'], priority: 'critical' },
  'by priority': { ...all, priority: 'high' },
  'by area': { ...all, area: 'voltage' },
  'by kind': { ...all, kind: 'outage' },
  'by feeder and below': { ...all, feederId: 'feeder-02' },
  'by unit': { ...all, unitId: 'unit-4711', grouped: false },
  'by device': { ...all, deviceId: 'meter-4711', grouped: false },
  'by part of the subject': { ...all, subject: 'METER-47', grouped: false },
  'by a subject that is not there': { ...all, subject: 'nowhere', grouped: false },
  'by time': { ...all, since: newestAt - 5 * hourMs, until: newestAt - 4 * hourMs },
  'active ones': { ...all, active: true },
  'unacknowledged ones': { ...all, unacknowledged: true },
  'what is not hidden': { ...all, hidden: false },
  'shelved ones': { ...all, shelved: true },
  'suppressed ones': { ...all, suppressed: true, grouped: false },
  'out of service': { ...all, outOfService: true },
  'members of a root': { ...all, rootAlarmId: 3, grouped: false },
  'what somebody answers for': { ...all, scope: new Set(Array.from({ length: 20 }, (_, n) => `feeder-${n + 10}/*`)) },
  'several at once': {
    ...{
      states: ['B', 'C'],
      priority: 'medium',
      area: 'telemetry',
      feederId: 'feeder-01',
      subject: '9',
      grouped: true,
    },
    ...{ active: true, hidden: false, since: newestAt - 24 * hourMs, scope: new Set(['*/telemetry']) },
  },
}

/**
 * How long lists of so many alarms that stand take, among twice as many that do not: the first page and the last one of every
 * filter in every order, and their counts. And the key figures of a month with so many occurrences.
 */
export async function measureAlarms(
  { alarms, occurrences }: { readonly alarms: number; readonly occurrences: number },
  progress: (line: string) => void,
): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-alarms-'))
  chmodSync(folder, 0o755)
  const server = await startEmbeddedDatabase({ dataDir: folder })
  let database: Database | undefined
  try {
    await migrate(server.owner, server.running.user, () => undefined)
    database = new Database(server.running)
    await database.ready()
    progress(`alarms: ${alarms} that stand`)
    await seedManyAlarms(database, alarms, newestAt)
    await tidy(server.owner)
    const lists = await measureLists(database, alarms)
    progress(`alarms: ${occurrences} occurrences in a month`)
    await seedManyOccurrences(database, occurrences, newestAt)
    await tidy(server.owner)
    return [
      ...lists,
      ...(await measureMonth(database, occurrences)),
      ['  load of the machine meanwhile', loadavg()[0]!.toFixed(1)],
    ]
  } finally {
    await database?.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureLists(database: Database, alarms: number): Promise<Row[]> {
  const took: { readonly name: string; readonly ms: number }[] = []
  for (const [name, filter] of Object.entries(filters)) {
    took.push({ name: `${name}, counted`, ms: await timed(() => countAlarms(database, filter)) })
    for (const order of alarmOrders) {
      const ask = (after: AlarmKey | undefined) =>
        timed(() => listAlarms(database, filter, order, { after, limit: 101 }))
      took.push({ name: `${name}, ${order}`, ms: await ask(undefined) })
      const last = await lastKey(database, filter, order)
      if (last) took.push({ name: `${name}, ${order}, last page`, ms: await ask(last) })
    }
  }
  const slowest = took.toSorted((a, b) => b.ms - a.ms)
  const parts = [0.5, 0.05, 0].map((part) => msOf(slowest[Math.floor(part * slowest.length)]!.ms))
  return [
    [`pages of 100 of ${alarms} alarms that stand`, `${took.length} questions, each ${rounds} times`],
    ['  median, 95 of 100, longest', parts.join(', ')],
    ...slowest.slice(0, 5).map(({ name, ms }): Row => [`  ${name}`, msOf(ms)]),
  ]
}

async function measureMonth(database: Database, occurrences: number): Promise<Row[]> {
  const days = civilDaysIn('America/Sao_Paulo')
  const month = { from: newestAt - 30 * 24 * hourMs, until: newestAt, scope: null }
  const whole = await timed(() => alarmKpis(database, month, days), 1)
  const scope = new Set(Array.from({ length: 20 }, (_, n) => `feeder-${n + 10}/*`))
  const part = await timed(() => alarmKpis(database, { ...month, scope }, days), 1)
  const history = await timed(() => listOccurrences(database, month, { before: undefined, limit: 101 }))
  return [
    [`key figures of a month with ${occurrences} occurrences`, msOf(whole)],
    ['  of what somebody answers for', msOf(part)],
    ['a page of its history', msOf(history)],
  ]
}

/** What PostgreSQL does by itself within a minute. */
async function tidy(owner: ClientConfig): Promise<void> {
  const client = new Client(owner)
  await client.connect()
  await client.query('vacuum analyze')
  await client.end()
}

const msOf = (ms: number): string => `${ms.toFixed(0)} ms`

/** The median of some rounds, ms. */
async function timed(ask: () => Promise<unknown>, times = rounds): Promise<number> {
  const took: number[] = []
  for (let round = 0; round < times; round++) {
    const began = performance.now()
    await ask()
    took.push(performance.now() - began)
  }
  return took.toSorted((a, b) => a - b)[Math.floor(times / 2)]!
}

/** The key before the last page; undefined where one page is all. */
async function lastKey(
  database: Database,
  filter: AlarmFilter,
  order: (typeof alarmOrders)[number],
): Promise<AlarmKey | undefined> {
  const rows = await listAlarms(database, filter, order, { after: undefined, limit: 1_000_000 })
  const before = rows.at(-101)
  return before && alarmKeyOf(before, order)
}
