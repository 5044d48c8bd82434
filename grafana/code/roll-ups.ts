import { sqlSeries, type PanelQuery } from './queries.ts'

/**
 * What is not rolled up, as single readings and commits are, is looked at no further back: the panel begins there, and its queries ask for
 * no more, since Grafana leaves the panel's own beginning out where somebody chose dates.
 */
export const readingsBack = '6h'
/** The same in InfluxQL, */
export const sinceReadingsBack = `time >= \${__to}ms - ${readingsBack}`
/** and in SQL, of a column. */
export const isSinceReadingsBack = (column: string): string =>
  `${column} >= $__timeTo()::timestamptz - interval '${readingsBack}'`

/** Up to here minutes are shown, beyond it hours: 2,880 points a line at most, or a year of hours. */
const minutesUpTo = '2 days'

/** What a line of roll-ups shows of each minute or hour. */
export type Statistic = 'mean' | 'lowest' | 'highest'

const expressions: Readonly<Record<Statistic, string>> = {
  mean: 'total / samples',
  lowest: 'lowest',
  highest: 'highest',
}

/** A line of the chart. */
export interface RolledUp {
  /** As the database calls it, in the device's own unit. */
  readonly measure: string
  readonly statistic: Statistic
  /** As the reader sees it. */
  readonly line: string
  /** Of one unit of the measure, how much is shown: 0.001 makes kW of W. */
  readonly factor?: number
}

/**
 * Lines of the chosen device from what was rolled up: minutes up to two days, hours beyond, whatever the dashboard looks at.
 * Of the two tables PostgreSQL reads the one that the span asks for.
 * @param lines  a series each
 */
export const rolledUpOfDevice = (lines: readonly RolledUp[]): PanelQuery =>
  sqlSeries(`
with chosen as materialized (select device_key from device where device_id in (\${device:sqlstring})), lines (measure, statistic, line, factor) as (
  values ${lines.map(({ measure, statistic, line, factor = 1 }) => `('${measure}'::measure, '${statistic}', '${line}', ${factor}::float8)`).join(',\n    ')}
), buckets as (
  select r.* from chosen join reading_minute r using (device_key)
  where r.measure = any(array(select measure from lines)) and $__timeFilter(r.at)
    and $__timeTo()::timestamptz - $__timeFrom()::timestamptz <= interval '${minutesUpTo}'
  union all
  select r.* from chosen join reading_hour r using (device_key)
  where r.measure = any(array(select measure from lines)) and $__timeFilter(r.at)
    and $__timeTo()::timestamptz - $__timeFrom()::timestamptz > interval '${minutesUpTo}'
)
select at as time, line as metric,
  factor * case statistic ${Object.entries(expressions)
    .map(([statistic, expression]) => `when '${statistic}' then ${expression}`)
    .join(' ')} end as value
from buckets join lines using (measure)
order by at`)
