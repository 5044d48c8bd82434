import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { interpolated, forSql, type ChosenVariable } from '../check/interpolation.ts'
import { sqlWithMacros } from '../check/macros.ts'
import type { Queries } from '../../platform/storage/queries.ts'
import type { PanelQuery, SqlQuery } from './queries.ts'

/** What is looked at: values of variables, and UTC milliseconds. */
export interface Looked {
  readonly chosen: Readonly<Record<string, readonly string[]>>
  readonly from: number
  readonly to: number
}

/** Rows that a query in SQL shows. */
export async function rowsOfQuery<Row extends object>(
  queries: Queries,
  query: PanelQuery,
  looked: Looked,
): Promise<Row[]> {
  return rowsOfSql(queries, (query.withLetter('A').build() as SqlQuery).rawSql, looked)
}

/** Rows that the first query of a panel shows. */
export async function rowsOfPanel<Row extends object>(
  queries: Queries,
  panel: Builder<Panel>,
  looked: Looked,
): Promise<Row[]> {
  const [query] = panel.build().targets as unknown as [SqlQuery]
  return rowsOfSql(queries, query.rawSql, looked)
}

/** Rows of SQL as Grafana would send it. */
export async function rowsOfSql<Row extends object>(
  queries: Queries,
  sql: string,
  { chosen, from, to }: Looked,
): Promise<Row[]> {
  const variables = new Map<string, ChosenVariable>(
    Object.entries(chosen).map(([name, value]) => [name, { value, several: true }]),
  )
  return queries.query<Row>(sqlWithMacros(interpolated(sql, variables, forSql), { from, to }, '1m'), [])
}
