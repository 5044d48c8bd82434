import { forInfluxql, forSql, interpolated, type ChosenVariable } from './interpolation.ts'
import { influxqlWithMacros, sqlWithMacros } from './macros.ts'
import type { DashboardModel, PanelOfModel, TargetOfModel, VariableOfModel } from './model.ts'
import { resultOfInfluxql, resultOfSql, type Result } from './result.ts'
import type { Sources } from './sources.ts'
import { intervalMs, intervalOf, type TimeRange } from './time-range.ts'

/** A query of a panel, or an annotation, as it ran. */
export interface Ran {
  readonly panel: string
  /** Letter of the query; of an annotation `annotation`. */
  readonly refId: string
  /** As it was sent. */
  readonly text: string
  /** How long the answer took, milliseconds. */
  readonly ms: number
  readonly result?: Result
  /** Why there is none. */
  readonly error?: string
  /** Names that the panel draws in its own way. */
  readonly named: readonly string[]
}

export interface Look {
  readonly range: TimeRange
  /** What is chosen of variables, by name; the first that is offered, or all, of the others. */
  readonly chosen: Readonly<Record<string, string>>
}

type Variables = ReadonlyMap<string, ChosenVariable>

/** A pixel is a point: the window of an operator is so wide. */
const windowPixels = 1_600

/**
 * Runs every query of a dashboard as Grafana would: variables in their order, each with those before it; then panels and
 * annotations. What fails is told in its row.
 * @returns what was chosen, and what ran
 */
export async function runDashboard(
  dashboard: DashboardModel,
  sources: Sources,
  look: Look,
): Promise<{ variables: Variables; ran: Ran[] }> {
  const variables = await chosenVariables(dashboard.templating.list, sources, look)
  const ran: Ran[] = []
  for (const panel of dashboard.panels)
    for (const target of panel.targets ?? []) ran.push(await runQuery(panel, target, sources, look.range, variables))
  for (const { name, target } of dashboard.annotations.list) {
    const asTable = {
      ...target,
      refId: 'annotation',
      format: 'table',
      datasource: { uid: 'linhaviva-postgresql' },
    } as const
    const panel = { id: 0, type: 'annotation', title: name, gridPos: { w: 24 } }
    ran.push(await runQuery(panel, asTable, sources, look.range, variables))
  }
  return { variables, ran }
}

async function chosenVariables(
  list: readonly VariableOfModel[],
  sources: Sources,
  { range, chosen }: Look,
): Promise<Variables> {
  const variables = new Map<string, ChosenVariable>()
  for (const { name, type, query, multi: several = false, includeAll = false } of list) {
    const given = chosen[name]
    if (type !== 'query') {
      variables.set(name, { value: given ?? query, several: false })
      continue
    }
    const offered = given === undefined ? await optionsOf(query, sources, range, variables) : [given]
    variables.set(name, { value: includeAll ? offered : (offered[0] ?? ''), several: several || includeAll })
  }
  return variables
}

/** What a variable offers: the column `__value`, or the first one. */
async function optionsOf(query: string, sources: Sources, range: TimeRange, variables: Variables): Promise<string[]> {
  const { rows, columns } = await sources.sql(sqlWithMacros(interpolated(query, variables, forSql), range, '1m'))
  const column = columns.includes('__value') ? '__value' : columns[0]!
  return rows.map((row) => String(row[column]))
}

/** Grafana's own variables: both ends of what is shown, UTC ms. */
const ownVariables = ({ from, to }: TimeRange): (readonly [string, ChosenVariable])[] => [
  ['__from', { value: String(from), several: false }],
  ['__to', { value: String(to), several: false }],
]

/**
 * A panel that begins by itself (`timeFrom`) is asked for all that the dashboard shows: so Grafana does where somebody chose dates, and it
 * is for the query to ask for no more than it may.
 */
async function runQuery(
  panel: PanelOfModel,
  target: TargetOfModel,
  sources: Sources,
  whole: TimeRange,
  variables: Variables,
): Promise<Ran> {
  const range = panel.looksBack === undefined ? whole : { ...whole, from: whole.to - intervalMs(panel.looksBack) }
  const points = panel.maxDataPoints ?? Math.round((windowPixels * panel.gridPos.w) / 24)
  const interval = intervalOf(range, points, panel.interval)
  const given = new Map([...variables, ...ownVariables(range)])
  const head = { panel: panel.title, refId: target.refId, named: namedBy(panel) }
  let text = target.rawSql ?? target.query ?? ''
  const began = performance.now()
  try {
    if (target.rawSql !== undefined) {
      text = sqlWithMacros(interpolated(target.rawSql, given, forSql), range, interval)
      const { rows, columns } = await sources.sql(text)
      const ms = performance.now() - began
      return { ...head, text, ms, result: resultOfSql(rows, columns, target.format ?? 'table') }
    }
    text = influxqlWithMacros(interpolated(target.query!, given, forInfluxql), range, interval)
    const series = await sources.influxql(text)
    return { ...head, text, ms: performance.now() - began, result: resultOfInfluxql(series, target.alias) }
  } catch (error) {
    return { ...head, text, ms: performance.now() - began, error: (error as Error).message }
  }
}

/** Columns and series that the panel draws in its own way: they must be among what its queries answer. */
const namedBy = ({ fieldConfig }: PanelOfModel): string[] =>
  (fieldConfig?.overrides ?? [])
    .filter(({ matcher }) => matcher.id === 'byName')
    .map(({ matcher }) => String(matcher.options))
