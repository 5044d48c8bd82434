import type { MqttClient, IClientOptions } from 'mqtt'
import { keepConnected } from '../../../platform/broker/keep-connected.ts'
import {
  digestOf,
  keptMessages,
  publishRetained,
  type Retained,
  type RetainedTopics,
} from '../../../platform/broker/retained-topics.ts'
import { wallClock, type Clock } from '../../../platform/clock/clock.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { fieldContract, topicOf } from '../../../platform/wire/contract.ts'
import type { DerControl } from '../../../platform/wire/payloads.ts'
import { derPower } from '../../../platform/wire/signs.ts'
import {
  dropMonths,
  ensureMonth,
  expiredSetpoints,
  holdPublishing,
  notePublished,
  setpointsOf,
  standingSetpoints,
  unpublishedSetpoints,
  writeSetpoints,
  type StandingSetpoint,
} from './setpoint-repository.ts'

export interface SetpointTopicsOptions {
  readonly url: string
  /** Of the dispatcher, who alone may publish there. */
  readonly connection: IClientOptions
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Told of what went wrong, once until something else does or it is well again. */
  report(error: unknown): void
}

const rest = { restMs: 200, restFactor: 4 }
const pageSize = 1_000
const dayMs = 86_400_000
const historyMs = 400 * dayMs

/**
 * Keeps `der/control/<deviceId>` in line with what devices are to follow: retained, emptied where a device follows none or its time
 * is over, sent again to a device that comes back. One publishes at a time, and reads what stands only then, so that the newest
 * is what stays. After each loss of the broker all that it keeps is compared.
 */
export class SetpointTopics {
  readonly #database: Database
  readonly #options: SetpointTopicsOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>
  readonly #topics: RetainedTopics
  /** A connection after which all was compared. */
  #client: MqttClient | undefined
  #told = ''
  #tidiedAt = -Infinity

  constructor(database: Database, options: SetpointTopicsOptions) {
    this.#database = database
    this.#options = options
    this.#topics = { ...options, filter: fieldContract.control.topic, probeTopic }
    const { signal } = this.#closing
    const report = (error: unknown): void => this.#report(error)
    this.#running = Promise.all([
      keepConnected(this.#topics, (client, ends, wellAgain) => this.#session(client, ends, wellAgain), report, signal),
      makeRounds(database, { ...rest, round: () => this.#round(), report }, signal),
    ])
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #session(client: MqttClient, signal: AbortSignal, wellAgain: () => void): Promise<void> {
    await this.#database.ready(signal)
    await this.#align(client, signal)
    this.#client = client
    signal.addEventListener('abort', () => (this.#client = undefined), { once: true })
    this.#told = ''
    wellAgain()
  }

  async #round(): Promise<void> {
    const { clock, clockIsSet } = this.#options
    if (!clockIsSet()) return
    await this.#expire(clock.now())
    await this.#tidy()
    const client = this.#client
    let published = pageSize
    while (client?.connected && published === pageSize) {
      published = await this.#holding(async (queries) => {
        const setpoints = await unpublishedSetpoints(queries, pageSize)
        await publishRetained(client, setpoints.map(retainedOf))
        await notePublished(queries, setpoints)
        return setpoints.length
      })
    }
  }

  /** The device falls back by itself; the broker is not to tell it again. */
  async #expire(now: number): Promise<void> {
    const recordedAt = wallClock.now()
    await this.#database.transaction(async (client) => {
      const devices = await expiredSetpoints(client, now, pageSize)
      if (devices.length === 0) return
      const over = devices.map((deviceId) => ({ deviceId, powerKw: null, expiresAt: null, reason: null }))
      await ensureMonth(queriesOf(client), recordedAt)
      await writeSetpoints(queriesOf(client), over, null, now, recordedAt)
    })
  }

  async #tidy(): Promise<void> {
    const now = wallClock.now()
    if (now - this.#tidiedAt < dayMs) return
    await dropMonths(this.#database, now - historyMs, now)
    this.#tidiedAt = now
  }

  /** Compares all that the broker keeps with what stands. */
  async #align(client: MqttClient, signal: AbortSignal): Promise<void> {
    const kept = await keptMessages(client, this.#topics, signal)
    let after = ''
    for (let full = true; full;) {
      full = await this.#holding(async (queries) => {
        const setpoints = await standingSetpoints(queries, after, pageSize)
        const differing = setpoints.filter((one) => kept.get(topicFor(one)) !== digestOf(retainedOf(one).payload))
        await publishRetained(client, differing.map(retainedOf))
        await notePublished(queries, differing)
        for (const one of setpoints) kept.delete(topicFor(one))
        after = setpoints.at(-1)?.deviceId ?? after
        return setpoints.length === pageSize
      })
      signal.throwIfAborted()
    }
    const left = [...kept.keys()]
    for (let from = 0; from < left.length; from += pageSize) {
      await this.#holding((queries) => this.#empty(queries, client, left.slice(from, from + pageSize)))
      signal.throwIfAborted()
    }
  }

  /** Empties topics, but for those of devices that follow one by now. */
  async #empty(queries: Queries, client: MqttClient, topics: readonly string[]): Promise<void> {
    const setpoints = await setpointsOf(
      queries,
      topics.map((topic) => topic.slice(topicBefore!.length)),
    )
    const standing = new Set(setpoints.map(topicFor))
    await publishRetained(
      client,
      topics.filter((topic) => !standing.has(topic)).map((topic) => ({ topic, payload: '' })),
    )
  }

  /** Nobody else publishes meanwhile. */
  #holding<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (client) => {
      await holdPublishing(client)
      return work(queriesOf(client))
    })
  }

  #report(error: unknown): void {
    const detail = messageOf(error)
    if (this.#told !== detail) this.#options.report(error)
    this.#told = detail
  }
}

/** Of no device: brokers keep nothing there. */
const probeTopic = topicOf('control', 'linha-viva-probe')
const [topicBefore] = fieldContract.control.topic.split('+')
const topicFor = ({ deviceId }: StandingSetpoint): string => topicOf('control', deviceId)

/** A setpoint as its topic has it, in the device's own sign; nothing where it follows none. */
function retainedOf(setpoint: StandingSetpoint): Retained {
  const { derType, powerKw, expiresAt, fencingToken } = setpoint
  if (powerKw === null || expiresAt === null) return { topic: topicFor(setpoint), payload: '' }
  const control: DerControl = {
    p_setpoint_kw: derPower(derType, powerKw),
    expires_at: new Date(expiresAt).toISOString(),
    ...(fencingToken !== null && { fencing_token: fencingToken }),
  }
  return { topic: topicFor(setpoint), payload: JSON.stringify(control) }
}
