import { intervalMs, type TimeRange } from './time-range.ts'

/** A macro that Grafana does not know, or that it is given too little for. */
export class BadMacro extends Error {
  override readonly name = 'BadMacro'
}

const rfc3339 = (instant: number): string =>
  new Date(instant)
    .toISOString()
    .replace(/\.000Z$/, 'Z')
    .replace(/(\.\d*?)0+Z$/, '$1Z')

/**
 * SQL as Grafana sends it to PostgreSQL: `$__interval` first, then macros with their arguments. An argument ends at the first
 * parenthesis that closes, whatever opened before; so does Grafana's.
 * @param timescale  `time_bucket` in place of arithmetic
 * @throws BadMacro
 */
export function sqlWithMacros(sql: string, range: TimeRange, interval: string, timescale = false): string {
  const withInterval = sql
    .replaceAll('$__interval_ms', String(intervalMs(interval)))
    .replaceAll('$__interval', interval)
  return withInterval.replace(
    /\$([_a-zA-Z0-9]+)\(([^)]*)\)/g,
    (written, name: string, given: string, place: number) => {
      const alias = name === '__timeGroup' && withInterval[place + written.length] === ','
      return macro(
        alias ? '__timeGroupAlias' : name,
        given.split(',').map((each) => each.trim()),
        range,
        timescale,
      )
    },
  )
}

function macro(name: string, args: readonly string[], range: TimeRange, timescale: boolean): string {
  const [column = '', interval = ''] = args
  const { from, to } = range
  const needs = (count: number): void => {
    if (args.length < count || args.slice(0, count).some((each) => each === ''))
      throw new BadMacro(`$${name} needs ${count} arguments`)
  }
  switch (name) {
    case '__time':
      needs(1)
      return `${column} AS "time"`
    case '__timeEpoch':
      needs(1)
      return `extract(epoch from ${column}) as "time"`
    case '__timeFilter':
      needs(1)
      return `${column} BETWEEN '${rfc3339(from)}' AND '${rfc3339(to)}'`
    case '__timeFrom':
      return `'${rfc3339(from)}'`
    case '__timeTo':
      return `'${rfc3339(to)}'`
    case '__timeGroup': {
      needs(2)
      const seconds = intervalMs(interval.replace(/^'|'$/g, '')) / 1_000
      return timescale
        ? `time_bucket('${seconds.toFixed(3)}s',${column})`
        : `floor(extract(epoch from ${column})/${seconds})*${seconds}`
    }
    case '__timeGroupAlias':
      return `${macro('__timeGroup', args, range, timescale)} AS "time"`
    case '__unixEpochFilter':
      needs(1)
      return `${column} >= ${Math.floor(from / 1_000)} AND ${column} <= ${Math.floor(to / 1_000)}`
    default:
      throw new BadMacro(`Grafana knows no macro $${name}`)
  }
}

/** InfluxQL as Grafana sends it: `$timeFilter`, `$__interval`, `$__interval_ms`. */
export const influxqlWithMacros = (query: string, { from, to }: TimeRange, interval: string): string =>
  query
    .replaceAll('$timeFilter', `time >= ${from}ms and time <= ${to}ms`)
    .replaceAll('$__interval_ms', String(intervalMs(interval)))
    .replaceAll('$__interval', interval)
    .replaceAll('$interval', interval)
