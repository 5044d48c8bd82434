import { join } from 'node:path'
import { findInfluxd, startInfluxd } from '../../platform/runtime/installed-influxd.ts'

const program = findInfluxd()

/** Why there is no InfluxDB to measure with; undefined where there is one. */
export const withoutInfluxd =
  program?.version === 1 ? undefined : 'influxd 1 is not installed (apt-get install influxdb)'

/** A running InfluxDB 1 with a database. */
export interface Influxd {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly database: string
  /** The first number of the answer to an InfluxQL query; undefined where there is no row. */
  value(query: string): Promise<number | undefined>
  stop(): Promise<void>
}

/** Starts the InfluxDB of this machine on a free port of the loopback, with its data in `folder`. */
export async function startBenchInfluxd(folder: string): Promise<Influxd> {
  if (!program || withoutInfluxd !== undefined) throw new Error(withoutInfluxd)
  const { settings, port, pid, stop } = await startInfluxd(program, { folder: join(folder, 'influxdb') })
  const { url, bucket: database } = settings
  return { url, port, pid, database, stop, value: (query) => firstValue(url, database, query) }
}

interface Answer {
  error?: string
  results?: { error?: string; series?: { values: (number | null)[][] }[] }[]
}

async function firstValue(url: string, database: string, query: string): Promise<number | undefined> {
  const body = new URLSearchParams({ db: database, q: query, epoch: 'ms' })
  const { error, results } = (await (await fetch(`${url}/query`, { method: 'POST', body })).json()) as Answer
  const fault = error ?? results?.[0]?.error
  if (fault !== undefined) throw new Error(`influxd: ${query}: ${fault}`)
  return results?.[0]?.series?.[0]?.values[0]?.[1] ?? undefined
}
