import { platformClock } from '../clock/clock.ts'
import { formatInstant } from '../wire/instant.ts'

/** State of one part: a part that is down says why. */
export type PartState = { up: true } | { up: false; detail: string }

/** Parts that `/api/health` reports on. */
export type Part = 'db' | 'mqtt'

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

export interface Health {
  status: 'ok' | 'degraded'
  db: 'up' | 'down'
  mqtt: 'up' | 'down'
  influx: 'off'
  ingest: IngestCounts
  offlineDevices: number | null
  clock: ClockState
  uptimeS: number
  /** Why it is degraded, a line a part. */
  reasons?: string[]
}

type Source<T> = () => T

const parts = new Map<Part, Set<Source<PartState>>>()
const ingestSources = new Set<Source<IngestCounts>>()
const offlineSources = new Set<Source<number | null>>()

/** A node tells the state of the part it stands for. @returns takes the word back, when the node closes */
export function provideHealth(part: Part, source: Source<PartState>): () => void {
  const sources = parts.get(part) ?? new Set()
  parts.set(part, sources.add(source))
  return () => sources.delete(source)
}

export function provideIngestCounts(source: Source<IngestCounts>): () => void {
  ingestSources.add(source)
  return () => ingestSources.delete(source)
}

export function provideOfflineDevices(source: Source<number | null>): () => void {
  offlineSources.add(source)
  return () => offlineSources.delete(source)
}

/** What `/api/health` answers. A part that nobody stands for is down: the flow that needs it is not running. */
export function health(uptimeS: number): Health {
  const states = { db: stateOf('db'), mqtt: stateOf('mqtt') }
  const reasons = Object.entries(states).flatMap(([part, state]) => (state.up ? [] : [`${part}: ${state.detail}`]))
  return {
    status: reasons.length === 0 ? 'ok' : 'degraded',
    db: states.db.up ? 'up' : 'down',
    mqtt: states.mqtt.up ? 'up' : 'down',
    influx: 'off',
    ingest: sumOf([...ingestSources].map((source) => source())),
    offlineDevices: [...offlineSources].map((source) => source()).find((count) => count !== null) ?? null,
    clock: clockState(),
    uptimeS: Math.round(uptimeS),
    ...(reasons.length > 0 && { reasons }),
  }
}

function clockState(): ClockState {
  const { simulated } = platformClock
  return {
    source: simulated ? 'simulated' : 'wall',
    at: formatInstant(platformClock.now()),
    rate: simulated?.rate ?? 1,
  }
}

function stateOf(part: Part): PartState {
  const states = [...(parts.get(part) ?? [])].map((source) => source())
  return states.find((state) => !state.up) ?? states[0] ?? { up: false, detail: 'no node of the flows stands for it' }
}

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
