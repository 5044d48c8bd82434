import { ApiFault } from '../../connection/api.ts'

/** How the platform is, as `/api/health` says it. */
export interface PlatformHealth {
  readonly status: 'ok' | 'degraded'
  readonly db: 'up' | 'down'
  readonly mqtt: 'up' | 'down'
  readonly influx: 'up' | 'down' | 'off'
  readonly ingest?: { readonly lagMs: number; readonly quarantined: number }
  readonly consumers?: Readonly<Record<string, { readonly batchesBehind: number; readonly readingsBehind: number }>>
  readonly offlineDevices?: number | null
  readonly controlLoop?: { readonly status: 'ok' | 'stalled' | 'overrun' | 'off' }
  readonly reasons?: readonly string[]
}

/**
 * Where something is missing without which nothing works, the answer is a refusal that says so: that is news too.
 * @throws ApiFault where nobody says how it is
 */
export async function askHealth(ask: () => Promise<PlatformHealth>): Promise<PlatformHealth> {
  try {
    return await ask()
  } catch (error) {
    const said = error instanceof ApiFault && error.status === 503 ? (error.answer as PlatformHealth) : undefined
    if (said?.status === undefined || said.db === undefined) throw error
    return said
  }
}

/** Parts that are down, by their names for words. */
export function partsDown({ db, mqtt, influx, controlLoop }: PlatformHealth): ('db' | 'mqtt' | 'influx' | 'control')[] {
  const isDown = {
    ...{ db: db === 'down', mqtt: mqtt === 'down', influx: influx === 'down' },
    control: controlLoop?.status === 'stalled' || controlLoop?.status === 'overrun',
  }
  return (['db', 'mqtt', 'influx', 'control'] as const).filter((part) => isDown[part])
}

/** The consumer of the batch log that is most behind; undefined where none is. */
export function mostBehind({ consumers = {} }: PlatformHealth): { name: string; readings: number } | undefined {
  const [first] = Object.entries(consumers)
    .map(([name, { readingsBehind }]) => ({ name, readings: readingsBehind }))
    .filter(({ readings }) => readings > 0)
    .toSorted((one, other) => other.readings - one.readings)
  return first
}
