import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { DataSourceRef, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import { influxdb, postgresql } from './data-sources.ts'

/** A query in InfluxQL as a panel holds it. */
export interface InfluxQuery extends Dataquery {
  refId: string
  datasource: DataSourceRef
  query: string
  rawQuery: true
  resultFormat: 'time_series' | 'table'
  alias?: string
}

/** A query in SQL as a panel holds it. */
export interface SqlQuery extends Dataquery {
  refId: string
  datasource: DataSourceRef
  rawSql: string
  rawQuery: true
  editorMode: 'code'
  format: 'time_series' | 'table'
}

/** A query of a panel, without its letter: the panel gives it. */
export interface PanelQuery {
  withLetter(refId: string): Builder<InfluxQuery | SqlQuery>
  /** How all that it answers is drawn, where that differs from the panel. */
  readonly drawn?: readonly DynamicConfigValue[]
}

/** A query whose series, however many there are and whatever they are called, are drawn in their own way. */
export const drawnAs = (drawn: readonly DynamicConfigValue[], query: PanelQuery): PanelQuery => ({ ...query, drawn })

/**
 * Time series in InfluxQL. Tags are compared with what is chosen by `=~ /^$device$/`: right for one, several and all.
 * @param query  as Grafana takes it, with `$timeFilter` and `$__interval`
 * @param alias  name of each series, as `$tag_phase` or `$col`
 */
export const influx = (query: string, alias?: string): PanelQuery =>
  lettered((refId) => ({
    ...{ refId, datasource: influxdb, query: tidy(query), rawQuery: true, resultFormat: 'time_series' },
    ...(alias !== undefined && { alias }),
  }))

/**
 * Time series in SQL: a column `time`, one of text named `metric` for a series each, numbers. In the order of time. What is
 * chosen is compared by `in (${device:sqlstring})`: right for one, several and all.
 */
export const sqlSeries = (rawSql: string): PanelQuery => sql(rawSql, 'time_series')

/** Rows as they are, named as the reader sees them: `load_kw as "Carga"`. */
export const sqlTable = (rawSql: string): PanelQuery => sql(rawSql, 'table')

const sql = (rawSql: string, format: SqlQuery['format']): PanelQuery =>
  lettered((refId) => ({
    ...{ refId, datasource: postgresql, rawSql: tidy(rawSql), rawQuery: true, editorMode: 'code', format },
  }))

type Bare<Query> = Omit<Query, keyof Dataquery>

/** The library asks each query for a mark, which is no part of what Grafana reads. */
const lettered = (make: (refId: string) => Bare<InfluxQuery> | Bare<SqlQuery>): PanelQuery => ({
  withLetter: (refId) => ({ build: () => make(refId) as InfluxQuery | SqlQuery }),
})

/** Without the indentation of the code around. */
export function tidy(text: string): string {
  const lines = text.replace(/^\n+|\s+$/g, '').split('\n')
  const margin = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(margin)).join('\n')
}
