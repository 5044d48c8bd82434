import { Client, types } from 'pg'
import type { InfluxSeries } from './result.ts'

/** What answers the queries of dashboards. */
export interface Sources {
  /** @returns rows, and the columns in their order */
  sql(text: string): Promise<{ rows: Record<string, unknown>[]; columns: string[] }>
  influxql(text: string): Promise<InfluxSeries[]>
  close(): Promise<void>
}

/** A database that refuses a query, with what it says. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused'
}

/** Grafana makes numbers of these, too. */
const numbers = new Set<number>([types.builtins.INT8, types.builtins.NUMERIC])

/**
 * Data sources as Grafana has them.
 * @param postgresql  `postgres://user:password@host:port/database`, of a role that may only read
 * @param influx      `http://host:port/database`
 */
export async function connectSources(postgresql: string, influx: string): Promise<Sources> {
  const client = new Client({
    connectionString: postgresql,
    application_name: 'linha-viva-grafana-check',
    types: {
      getTypeParser: (id, format) => (numbers.has(id) ? Number : (types.getTypeParser(id, format as never) as never)),
    },
  })
  await client.connect()
  const { origin, pathname } = new URL(influx)
  const database = pathname.slice(1)
  return {
    async sql(text) {
      try {
        const { rows, fields } = await client.query(text)
        return { rows: rows as Record<string, unknown>[], columns: fields.map(({ name }) => name) }
      } catch (error) {
        throw new QueryRefused((error as Error).message, { cause: error })
      }
    },
    async influxql(text) {
      const query = new URLSearchParams({ db: database, q: text, epoch: 'ms' })
      const answer = await fetch(`${origin}/query?${query}`, { signal: AbortSignal.timeout(30_000) })
      const { results, error } = (await answer.json()) as {
        results?: { series?: InfluxSeries[]; error?: string }[]
        error?: string
      }
      const said = error ?? results?.find((each) => each.error !== undefined)?.error
      if (said !== undefined) throw new QueryRefused(said)
      return results?.flatMap(({ series = [] }) => series) ?? []
    },
    close: () => client.end(),
  }
}
