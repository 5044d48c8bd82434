/** What a query answered, as the panel sees it. */
export interface Result {
  /** Columns of a table; of time series the name of each series. */
  readonly columns: readonly string[]
  /** Rows of a table; of time series the points of all of them. */
  readonly rows: number
  /** A few values, as they came. */
  readonly first: readonly unknown[]
  /** Of a table, all that it holds: what variables and thresholds are taken from. */
  readonly values: readonly Readonly<Record<string, unknown>>[]
}

/** The answer to a query in SQL, by what the query says it is. */
export function resultOfSql(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
  format: 'time_series' | 'table',
): Result {
  if (format === 'table') {
    const named = columns.filter((name) => !name.startsWith('__'))
    return { columns: named, rows: rows.length, first: named.map((name) => rows[0]?.[name]), values: rows }
  }
  const time = columns.find((name) => name === 'time')
  if (time === undefined) throw new Error('time series without a column "time"')
  const texts = columns.filter(
    (name) => name !== time && rows.some((row) => typeof row[name] === 'string' && name === 'metric'),
  )
  const numbers = columns.filter((name) => name !== time && !texts.includes(name))
  outOfOrder(rows, time)
  const series = new Set<string>()
  for (const row of rows)
    for (const name of numbers) {
      const value = row[name]
      if (value !== null && typeof value !== 'number')
        throw new Error(`"${name}" of a time series is no number: ${String(value)}`)
      series.add(
        texts.length === 0 ? name : numbers.length === 1 ? String(row[texts[0]!]) : `${String(row[texts[0]!])} ${name}`,
      )
    }
  return {
    columns: [...series],
    rows: rows.length,
    first: rows.length === 0 ? [] : numbers.map((name) => rows[rows.length - 1]![name]),
    values: rows,
  }
}

/** Grafana refuses time series whose points are not in the order of time. */
function outOfOrder(rows: readonly Readonly<Record<string, unknown>>[], time: string): void {
  let before = -Infinity
  for (const row of rows) {
    const at = row[time] instanceof Date ? (row[time] as Date).getTime() : Number(row[time])
    if (!(at >= before)) throw new Error(`time series is not in the order of time: ${String(row[time])}`)
    before = at
  }
}

/** A series as InfluxDB answers it. */
export interface InfluxSeries {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

/** The answer to a query in InfluxQL; `alias` names series as Grafana does. */
export function resultOfInfluxql(series: readonly InfluxSeries[], alias?: string): Result {
  const names = new Set<string>()
  let rows = 0
  const first: unknown[] = []
  for (const one of series) {
    rows += one.values.length
    one.columns.forEach((column, index) => {
      if (column === 'time') return
      names.add(nameOf(one, column, alias))
      if (first.length < 4) first.push(one.values.at(-1)?.[index])
    })
  }
  return { columns: [...names], rows, first, values: [] }
}

function nameOf({ name, tags = {} }: InfluxSeries, column: string, alias?: string): string {
  if (alias === undefined) {
    const tagged = Object.entries(tags).map(([tag, value]) => `${tag}: ${value}`)
    return `${name}.${column}${tagged.length > 0 ? ` {${tagged.join(', ')}}` : ''}`
  }
  return alias.replace(/\$(\w+)|\[\[(\w+)\]\]/g, (written, bare?: string, old?: string) => {
    const asked = bare ?? old!
    if (asked === 'm' || asked === 'measurement') return name
    if (asked === 'col') return column
    return asked.startsWith('tag_') ? (tags[asked.slice(4)] ?? written) : written
  })
}
