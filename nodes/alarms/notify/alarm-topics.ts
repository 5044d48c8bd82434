import type { IClientOptions, MqttClient } from 'mqtt'
import { keepConnected } from '../../../platform/broker/keep-connected.ts'
import {
  digestOf,
  keptMessages,
  publishRetained,
  type Retained,
  type RetainedTopics,
} from '../../../platform/broker/retained-topics.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { pause } from '../../../platform/clock/pause.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import { lockCursor } from '../../../platform/storage/cursor.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { Follower, type LogEntry } from '../../../platform/storage/follower.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { conditionWords } from '../../../platform/wire/condition-text.ts'
import { fieldContract, topicOf } from '../../../platform/wire/contract.ts'
import type { FieldAlarm } from '../../../platform/wire/payloads.ts'
import { alarmChanges } from '../keeper/alarm-log.ts'
import { followFromNow, leaveLog } from './channel-repository.ts'
import { changedAlarms, standingAlarms, standingOf, type TopicAlarm } from './topic-repository.ts'

export interface AlarmTopicsOptions {
  readonly url: string
  /** Of the dispatcher, who alone may publish there. */
  readonly connection: IClientOptions
  readonly nodeId: string
  /** IANA zone of instants in texts. */
  readonly timeZone: string
  /** Told after each round how far behind the log it is. */
  progress(behind: number): void
  /** Told of what went wrong, once until something else does or it is well again. */
  report(error: unknown): void
}

const pace = { maxItems: 2_000, restMs: 100, restFactor: 0.25 }
const pageSize = 1_000
/**
 * Keeps `grid/alarms/<alarmId>` in line with the database: retained, emptied where an alarm is normal. Whoever publishes holds the
 * place in the log meanwhile and reads what stands only then, so that the newest state is what stays, however many publish. After
 * each loss of the broker all that it keeps is compared: what is stale is emptied, what is missing set again.
 */
export class AlarmTopics {
  readonly #database: Database
  readonly #options: AlarmTopicsOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  readonly #consumer: string
  readonly #topics: RetainedTopics
  #follower: Follower<LogEntry & { readonly transitions: number }> | undefined
  /** A connection after which all was compared. */
  #client: MqttClient | undefined
  #told = ''

  constructor(database: Database, options: AlarmTopicsOptions) {
    this.#database = database
    this.#options = options
    this.#consumer = `alarm topics ${options.nodeId}`
    this.#topics = { ...options, filter: fieldContract.alarm.topic, probeTopic }
    const session = (client: MqttClient, ends: AbortSignal, wellAgain: () => void): Promise<void> =>
      this.#session(client, ends, wellAgain)
    this.#running = keepConnected(this.#topics, session, (error) => this.#report(error), this.#closing.signal)
  }

  /** @param removed  for good: the log keeps nothing for it. What the broker keeps stays as it is */
  async close(removed: boolean): Promise<void> {
    this.#closing.abort()
    await this.#running
    await this.#follower?.close()
    if (removed && this.#database.state.up) await leaveLog(this.#database, alarmChanges.name, this.#consumer)
  }

  async #session(client: MqttClient, signal: AbortSignal, wellAgain: () => void): Promise<void> {
    await this.#database.ready(signal)
    await this.#align(client, signal)
    this.#client = client
    signal.addEventListener('abort', () => (this.#client = undefined), { once: true })
    this.#told = ''
    wellAgain()
    this.#follower ??= this.#follow()
  }

  #follow(): Follower<LogEntry & { readonly transitions: number }> {
    return new Follower(this.#database, alarmChanges, {
      ...{ name: this.#consumer, ...pace },
      before: async (_changes, signal) => {
        // Outside of the transaction: nothing is held while the broker is away.
        while (!this.#client && !signal.aborted) await pause(pace.restMs, signal)
        signal.throwIfAborted()
      },
      take: async (client, changes) => {
        const span = [changes[0]!.position - 1, changes.at(-1)!.position] as const
        const alarms = await changedAlarms(queriesOf(client), ...span)
        await publishRetained(
          this.#client,
          alarms.map((alarm) => this.#message(alarm)),
        )
      },
      progress: ({ behind }) => this.#options.progress(behind),
      report: (error) => this.#report(error),
    })
  }

  /** Compares all that the broker keeps with what stands. */
  async #align(client: MqttClient, signal: AbortSignal): Promise<void> {
    await followFromNow(this.#database, alarmChanges.name, this.#consumer, platformClock.now())
    const kept = await keptMessages(client, this.#topics, signal)
    let afterId = 0
    for (let full = true; full;) {
      full = await this.#holding(async (queries) => {
        const alarms = await standingAlarms(queries, afterId, pageSize)
        const messages = alarms.map((alarm) => this.#message(alarm))
        await publishRetained(
          client,
          messages.filter(({ topic, payload }) => kept.get(topic) !== digestOf(payload)),
        )
        for (const { topic } of messages) kept.delete(topic)
        afterId = alarms.at(-1)?.alarmId ?? afterId
        return alarms.length === pageSize
      })
      signal.throwIfAborted()
    }
    const left = [...kept.keys()]
    for (let from = 0; from < left.length; from += pageSize) {
      await this.#holding((queries) => this.#empty(queries, client, left.slice(from, from + pageSize)))
      signal.throwIfAborted()
    }
  }

  /** Empties topics, but for those of alarms that stand by now. */
  async #empty(queries: Queries, client: MqttClient, topics: readonly string[]): Promise<void> {
    const standing = await standingOf(
      queries,
      topics.map(idOf).filter((id) => id !== undefined),
    )
    const stale = topics.filter((topic) => !standing.has(idOf(topic) ?? 0))
    await publishRetained(
      client,
      stale.map((topic) => ({ topic, payload: '' })),
    )
  }

  /** Nobody else publishes meanwhile. */
  #holding<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (client) => {
      await lockCursor(client, alarmChanges.name, this.#consumer)
      return work(queriesOf(client))
    })
  }

  #message(alarm: TopicAlarm): Retained {
    const payload = alarm.standing ? JSON.stringify(fieldAlarm(alarm, this.#options.timeZone)) : ''
    return { topic: topicOf('alarm', String(alarm.alarmId)), payload }
  }

  #report(error: unknown): void {
    const detail = messageOf(error)
    if (this.#told !== detail) this.#options.report(error)
    this.#told = detail
  }
}

/** The number of no alarm. */
const probeTopic = topicOf('alarm', '0')

const [topicBefore] = fieldContract.alarm.topic.split('+')
/** The alarm that a topic is of; undefined where it is of none. */
function idOf(topic: string): number | undefined {
  const id = topic.slice(topicBefore!.length)
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined
}

/** An alarm as its topic tells of it. */
function fieldAlarm(alarm: TopicAlarm, timeZone: string): FieldAlarm {
  const { feederId, deviceId, shelvedUntil, activeSince, escalatedTo, value, limit, unit } = alarm
  const { key, area, kind, subject, state, active, acknowledged, priority, occurrence, members, changed } = alarm
  return {
    ...{ alarm_id: alarm.alarmId, key, area, kind, subject },
    ...(feederId !== null && { feeder_id: feederId }),
    ...(deviceId !== null && { device_id: deviceId }),
    ...{ state, active, acknowledged },
    ...(shelvedUntil !== null && { shelved_until: new Date(shelvedUntil).toISOString() }),
    ...{ priority, occurrence, timestamp: new Date(alarm.changedAt).toISOString() },
    ...(activeSince !== null && { active_since: new Date(activeSince).toISOString() }),
    ...(escalatedTo !== null && { escalated_to: escalatedTo }),
    ...(value !== null && { value }),
    ...(limit !== null && { limit }),
    ...(unit !== null && { unit }),
    members,
    text: conditionWords(alarm, timeZone),
    changed,
  }
}
