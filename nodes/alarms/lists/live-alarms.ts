import { setImmediate as breathe } from 'node:timers/promises'
import type { Clock } from '../../../platform/clock/clock.ts'
import { provideStandingAlarms, type StandingAlarms } from '../../../platform/http/health.ts'
import { instantOrNull } from '../../../platform/http/fields.ts'
import type { Hub } from '../../../platform/live/hub.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { conditionWords } from '../../../platform/wire/condition-text.ts'
import { alarmSummaryKey, type LiveAlarm, type LiveAlarmSummary } from '../../../platform/wire/live.ts'
import { isUnacknowledgedState, priorities } from '../domain/alarm.ts'
import type { MasterTable } from '../domain/definition.ts'
import { floods } from '../domain/kpis/floods.ts'
import { respondBy } from '../domain/respond-by.ts'
import { toldByMinute } from '../kpis/kpi-repository.ts'
import type { AlarmFilter } from './alarm-filter.ts'
import { stateLetters } from './alarm-fields.ts'
import { countAlarms, listAlarms, newestChange, type AlarmCount, type ListedAlarm } from './alarm-repository.ts'

export interface LiveAlarmsOptions {
  readonly hub: Hub
  readonly clock: Clock
  /** IANA zone of instants in texts. */
  readonly timeZone: string
  /** The most important ones; 5,000 unless given: each takes about a kilobyte. */
  readonly most?: number
  masterTable(): Promise<MasterTable>
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** At most a fifth of the time goes into it: a storm costs no more rounds than that. */
const rest = { restMs: 200, restFactor: 4 }
/** A flood ends by itself. */
const lookAgainMs = 10_000
/** Whoever is in a flood is so by what came in the last hours. */
const floodMemoryMs = 6 * 3_600_000
const everyone: AlarmFilter = { grouped: false, scope: null }
const topLevel: AlarmFilter = { grouped: true, scope: null }
/** Rows that are made ready before others have a turn. */
const rowsATurn = 250

/**
 * Shows alarms that stand on the live stream: the most important ones, and how many there are. All of it is made of what the
 * database has, so that however much has changed a round costs the same.
 */
export class LiveAlarms {
  readonly #database: Database
  readonly #options: LiveAlarmsOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  readonly #withdraw: () => void
  /** What is shown of each alarm: it is told anew only when this is another. */
  #shown = new Map<string, string>()
  #seen = ''
  #lookAt = 0
  #standing: StandingAlarms | undefined

  constructor(database: Database, options: LiveAlarmsOptions) {
    this.#database = database
    this.#options = options
    this.#withdraw = provideStandingAlarms(() => this.#standing)
    const rounds = { ...rest, round: () => this.#round(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#withdraw()
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    const table = await this.#options.masterTable()
    // Read before the rows: what is committed in between is looked at again.
    const seen = `${await newestChange(this.#database)} ${table.version}`
    if (seen === this.#seen && performance.now() < this.#lookAt) return
    await this.#show(table)
    this.#seen = seen
    this.#lookAt = performance.now() + lookAgainMs
  }

  async #show(table: MasterTable): Promise<void> {
    const { hub, most = 5_000 } = this.#options
    const rows = await listAlarms(this.#database, topLevel, 'priority', { after: undefined, limit: most })
    const counts = await countAlarms(this.#database, topLevel)
    const all = await countAlarms(this.#database, everyone)
    const present = new Map(rows.map((row) => [String(row.alarmId), `${row.changed} ${row.members} ${table.version}`]))
    for (const key of this.#shown.keys()) if (!present.has(key)) hub.remove('alarms', key)
    let published = 0
    for (const row of rows) {
      const key = String(row.alarmId)
      if (this.#shown.get(key) === present.get(key)) continue
      hub.publish('alarms', key, this.#liveAlarm(row, table))
      if (++published % rowsATurn === 0) await breathe()
    }
    this.#shown = present
    await this.#summarise(counts, all, rows.length)
  }

  async #summarise(counts: readonly AlarmCount[], all: readonly AlarmCount[], shown: number): Promise<void> {
    const inFlood = await this.#isFlood()
    this.#standing = { counts: all, inFlood }
    const summary = summaryOf(counts, shown, sumOf(all), inFlood)
    const { hub } = this.#options
    if (JSON.stringify(hub.get('alarms', alarmSummaryKey)) !== JSON.stringify(summary))
      hub.publish('alarms', alarmSummaryKey, summary)
  }

  async #isFlood(): Promise<boolean> {
    const now = this.#options.clock.now()
    const period = { from: now - floodMemoryMs, until: now, scope: null }
    return floods(await toldByMinute(this.#database, period), now).at(-1)?.end === null
  }

  #liveAlarm(row: ListedAlarm, table: MasterTable): LiveAlarm {
    const {
      alarmId,
      area,
      kind,
      subject,
      feederId,
      unitId,
      deviceId,
      state,
      priority,
      active,
      occurrence,
      escalatedTo,
    } = row
    const { timeZone } = this.#options
    const due = respondBy(row, table.definitionOf(row).timeToRespondMs)
    return {
      ...{ alarmId, area, kind, subject, feederId, unitId, deviceId, priority, active, occurrence },
      // A normal alarm is not listed.
      state: state as LiveAlarm['state'],
      activeSince: instantOrNull(row.activeSince),
      annunciatedAt: instantOrNull(row.annunciatedAt),
      escalatedTo,
      changedAt: instantOrNull(row.changedAt),
      respondBy: instantOrNull(due),
      shelvedUntil: instantOrNull(row.shelvedUntil),
      ...{ value: row.value, limit: row.limit, unit: row.unit, members: row.members },
      text: conditionWords(row, timeZone),
    }
  }
}

const sumOf = (counts: readonly AlarmCount[]): number => counts.reduce((sum, { alarms }) => sum + alarms, 0)

function summaryOf(counts: readonly AlarmCount[], shown: number, all: number, inFlood: boolean): LiveAlarmSummary {
  const alarms = sumOf(counts)
  return {
    ...{ alarms, shown, explained: all - alarms, inFlood },
    unacknowledged: sumOf(counts.filter(({ state }) => isUnacknowledgedState(state))),
    byState: Object.fromEntries(
      stateLetters
        .filter((state) => state !== 'A')
        .map((state) => [state, sumOf(counts.filter((row) => row.state === state))]),
    ),
    byPriority: Object.fromEntries(
      priorities.map((priority) => [priority, sumOf(counts.filter((row) => row.priority === priority))]),
    ),
  }
}
