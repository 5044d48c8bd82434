import { ApiFault } from '../../connection/api.ts'

type PartWord = 'up' | 'down' | 'off'

/** What `/api/health` tells who may read. Counts are of the server's process since its start. */
export interface Health {
  readonly status: 'ok' | 'degraded'
  readonly db: PartWord
  readonly mqtt: PartWord
  readonly influx: PartWord
  readonly ingest: IngestCounts
  readonly consumers: Readonly<Record<string, { readonly batchesBehind: number; readonly readingsBehind: number }>>
  readonly offlineDevices: number | null
  readonly controlLoop: { readonly status: 'ok' | 'stalled' | 'overrun' | 'off'; readonly lastTickAt: string | null }
  readonly clock: { readonly source: 'wall' | 'simulated'; readonly at: string; readonly rate: number }
  readonly uptimeS: number
  readonly reasons?: readonly string[]
}

export interface IngestCounts {
  readonly received: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  readonly inFlight: number
  /** Age of the oldest reading received and not yet stored, ms. */
  readonly lagMs: number
}

/**
 * Takes an answer of `/api/health`: a system that does not serve says so with 503 and still tells what is wrong.
 * @throws ApiFault where it is no such answer
 */
export function healthOf({ status, text }: { readonly status: number; readonly text: string }): Health {
  const answer = parsed(text)
  if ((status === 200 || status === 503) && answer?.ingest !== undefined) return answer as Health
  const { detail, title } = (answer ?? {}) as { detail?: string; title?: string }
  throw new ApiFault(status, detail ?? title ?? `HTTP ${status}`)
}

/** What the server counted when it was asked, and when that was, ms of a clock that never goes back. */
export interface CountedAt {
  readonly at: number
  readonly counts: IngestCounts
}

/**
 * Readings received a second between two answers.
 * @returns undefined where that is not known: no time has passed, or the server counts from zero again
 */
export function rateBetween(before: CountedAt | undefined, now: CountedAt): number | undefined {
  if (!before || now.at <= before.at || now.counts.received < before.counts.received) return undefined
  return ((now.counts.received - before.counts.received) * 1_000) / (now.at - before.at)
}

function parsed(text: string): (Partial<Health> & object) | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
