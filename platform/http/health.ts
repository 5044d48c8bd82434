import { platformClock } from '../clock/clock.ts'
import { formatInstant } from '../wire/instant.ts'

/** State of one part: a part that is down says why. */
export type PartState = { up: true } | { up: false; detail: string }

/** Parts that `/api/health` reports on: without `db` or `mqtt` nothing works, without `influx` all but its dashboards. */
export type Part = 'db' | 'mqtt' | 'influx'

/** Counts of this process since its start. */
export interface IngestCounts {
  received: number
  stored: number
  duplicates: number
  quarantined: number
  inFlight: number
  /** Age of the oldest reading received and not yet stored, ms. */
  lagMs: number
}

/** What time it is for the platform (ISO 8601), who says so, and how fast it passes: seconds per second of the wall. */
export interface ClockState {
  source: 'wall' | 'simulated'
  at: string
  rate: number
}

/** A consumer of the batch log. Counts are of this process since its start, instants UTC milliseconds. */
export interface ConsumerState {
  batchesBehind: number
  readingsBehind: number
  /** When the oldest commit that it has not taken was committed; null where it has taken all. */
  oldestAt: number | null
  batches: number
  readings: number
  /** Rounds that failed, and were tried again. */
  failures: number
  lastSuccessAt: number | null
  /** What arrived where the consumer sends it, and what was refused there for good; absent where it sends nothing. */
  written?: number
  refused?: number
}

/** Counts of the live stream. */
export interface StreamCounts {
  /** Connected, and topics they are subscribed to, now. */
  clients: number
  subscriptions: number
  /** What waits for them in memory, bytes. */
  waitingBytes: number
  /** Messages sent, and clients disconnected for being too slow, since the start. */
  sent: number
  dropped: number
}

/** Alarms that stand, by letter of ISA-18.2 and priority; and whether more come than an operator can follow. */
export interface StandingAlarms {
  readonly counts: readonly { readonly state: string; readonly priority: string; readonly alarms: number }[]
  readonly inFlood: boolean
}

/** Commands that are not over, by state. */
export type OpenCommands = Readonly<Record<string, number>>

/** The control loop of feeders. */
export interface ControlLoopState {
  /** `off`: nobody steers. */
  readonly status: 'ok' | 'stalled' | 'overrun' | 'off'
  /** When the last round began over the root feeder that has waited longest, UTC milliseconds. */
  readonly lastTickAt: number | null
  /** Root feeders that wait for too long, and those whose rounds take too long. */
  readonly stalled: readonly string[]
  readonly overrun: readonly string[]
}

export interface Health {
  /** `degraded` says only that something is amiss; whether that keeps the system from working, `isServing` tells. */
  status: 'ok' | 'degraded'
  db: 'up' | 'down'
  mqtt: 'up' | 'down'
  /** `off`: not configured. */
  influx: 'up' | 'down' | 'off'
  ingest: IngestCounts
  /** How many commits and readings each consumer of the batch log is behind. */
  consumers: Record<string, { batchesBehind: number; readingsBehind: number }>
  offlineDevices: number | null
  /** `stalled`: a root feeder waits for too long for its next round. */
  controlLoop: { status: ControlLoopState['status']; lastTickAt: string | null; stalled: boolean }
  clock: ClockState
  uptimeS: number
  /** Why it is degraded, a line a part. */
  reasons?: string[]
}

type Source<T> = () => T

const parts = new Map<Part, Set<Source<PartState | undefined>>>()
const ingestSources = new Set<Source<IngestCounts>>()
const offlineSources = new Set<Source<number | null>>()
const ignoredSources = new Set<Source<Record<string, number>>>()
const streamSources = new Set<Source<StreamCounts>>()
const alarmSources = new Set<Source<StandingAlarms | undefined>>()
const commandSources = new Set<Source<OpenCommands | undefined>>()
const controlLoopSources = new Set<Source<ControlLoopState>>()
const consumerSources = new Map<string, Source<ConsumerState>>()

/** A node tells the state of the part it stands for, undefined while it knows none. @returns takes the word back, when the node closes */
export function provideHealth(part: Part, source: Source<PartState | undefined>): () => void {
  const sources = parts.get(part) ?? new Set()
  parts.set(part, sources.add(source))
  return () => sources.delete(source)
}

export function provideIngestCounts(source: Source<IngestCounts>): () => void {
  ingestSources.add(source)
  return () => ingestSources.delete(source)
}

/** A node tells what it took from the field that became nothing, by reason; since the start. */
export function provideIgnoredCounts(source: Source<Record<string, number>>): () => void {
  ignoredSources.add(source)
  return () => ignoredSources.delete(source)
}

/** What became nothing, by reason, of all nodes together. */
export function ignoredCounts(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const source of ignoredSources)
    for (const [reason, count] of Object.entries(source())) counts.set(reason, (counts.get(reason) ?? 0) + count)
  return counts
}

export function provideOfflineDevices(source: Source<number | null>): () => void {
  offlineSources.add(source)
  return () => offlineSources.delete(source)
}

/** A server of the live stream tells how many it serves. */
export function provideStreamCounts(source: Source<StreamCounts>): () => void {
  streamSources.add(source)
  return () => streamSources.delete(source)
}

/** The counts of all of them together. */
export function streamCounts(): StreamCounts {
  const sum = { clients: 0, subscriptions: 0, waitingBytes: 0, sent: 0, dropped: 0 }
  for (const source of streamSources) {
    const { clients, subscriptions, waitingBytes, sent, dropped } = source()
    sum.clients += clients
    sum.subscriptions += subscriptions
    sum.waitingBytes += waitingBytes
    sum.sent += sent
    sum.dropped += dropped
  }
  return sum
}

/** Whoever follows alarms tells which stand; undefined: it does not know yet. */
export function provideStandingAlarms(source: Source<StandingAlarms | undefined>): () => void {
  alarmSources.add(source)
  return () => alarmSources.delete(source)
}

/** Undefined where nobody knows. Of several who follow the same database the last one counts. */
export const standingAlarms = (): StandingAlarms | undefined => [...alarmSources].at(-1)?.()

/** Whoever follows commands tells how many stand open; undefined: it does not know yet. */
export function provideOpenCommands(source: Source<OpenCommands | undefined>): () => void {
  commandSources.add(source)
  return () => commandSources.delete(source)
}

/** Undefined where nobody knows. Of several who follow the same database the last one counts. */
export const openCommands = (): OpenCommands | undefined => [...commandSources].at(-1)?.()

/** Whoever runs, or waits to run, the control loop tells how it is. */
export function provideControlLoop(source: Source<ControlLoopState>): () => void {
  controlLoopSources.add(source)
  return () => controlLoopSources.delete(source)
}

/** Undefined where nobody runs it here. Of several over the same database the last one counts. */
export const controlLoop = (): ControlLoopState | undefined => [...controlLoopSources].at(-1)?.()

/** A consumer of the batch log tells how it stands. Of several instances of one consumer in this process the last one counts. */
export function provideConsumer(name: string, source: Source<ConsumerState>): () => void {
  consumerSources.set(name, source)
  return () => {
    if (consumerSources.get(name) === source) consumerSources.delete(name)
  }
}

export const consumerStates = (): [name: string, state: ConsumerState][] =>
  [...consumerSources].map(([name, source]) => [name, source()])

/** Whether everything is there without which the system does not work. */
export const isServing = ({ db, mqtt }: Pick<Health, 'db' | 'mqtt'>): boolean => db === 'up' && mqtt === 'up'

/** What `/api/health` answers. A needed part that nobody stands for is down: the flow that needs it is not running. */
export function health(uptimeS: number): Health {
  const states = { db: neededPart('db'), mqtt: neededPart('mqtt'), influx: stateOf('influx') }
  const reasons = Object.entries(states).flatMap(([part, state]) =>
    state === undefined || state.up ? [] : [`${part}: ${state.detail}`],
  )
  return {
    status: reasons.length === 0 ? 'ok' : 'degraded',
    db: states.db.up ? 'up' : 'down',
    mqtt: states.mqtt.up ? 'up' : 'down',
    influx: states.influx === undefined ? 'off' : states.influx.up ? 'up' : 'down',
    ingest: sumOf([...ingestSources].map((source) => source())),
    consumers: Object.fromEntries(
      consumerStates().map(([name, { batchesBehind, readingsBehind }]) => [name, { batchesBehind, readingsBehind }]),
    ),
    offlineDevices: [...offlineSources].map((source) => source()).find((count) => count !== null) ?? null,
    controlLoop: controlLoopWords(),
    clock: clockState(),
    uptimeS: Math.round(uptimeS),
    ...(reasons.length > 0 && { reasons }),
  }
}

function controlLoopWords(): Health['controlLoop'] {
  const { status, lastTickAt, stalled } = controlLoop() ?? { status: 'off', lastTickAt: null, stalled: [] }
  return { status, lastTickAt: lastTickAt === null ? null : formatInstant(lastTickAt), stalled: stalled.length > 0 }
}

function clockState(): ClockState {
  const { simulated } = platformClock
  return {
    source: simulated ? 'simulated' : 'wall',
    at: formatInstant(platformClock.now()),
    rate: simulated?.rate ?? 1,
  }
}

/** The worst state of those who stand for a part; undefined where nobody does. */
export function stateOf(part: Part): PartState | undefined {
  const states = [...(parts.get(part) ?? [])].map((source) => source()).filter((state) => state !== undefined)
  return states.find((state) => !state.up) ?? states[0]
}

const neededPart = (part: Part): PartState =>
  stateOf(part) ?? { up: false, detail: 'no node of the flows stands for it' }

function sumOf(counts: IngestCounts[]): IngestCounts {
  const sum = { received: 0, stored: 0, duplicates: 0, quarantined: 0, inFlight: 0, lagMs: 0 }
  for (const count of counts) {
    sum.received += count.received
    sum.stored += count.stored
    sum.duplicates += count.duplicates
    sum.quarantined += count.quarantined
    sum.inFlight += count.inFlight
    sum.lagMs = Math.max(sum.lagMs, count.lagMs)
  }
  return sum
}
