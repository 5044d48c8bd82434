/** What is chosen of a variable: one value, or several. */
export type Chosen = string | readonly string[]

/** A variable with what is chosen. */
export interface ChosenVariable {
  readonly value: Chosen
  /** Several may be chosen: Grafana quotes such values in SQL by itself. */
  readonly several: boolean
}

/** How a data source wants a variable where the query does not say it. */
export type Format = (variable: ChosenVariable) => string

const valuesOf = (chosen: Chosen): readonly string[] => (typeof chosen === 'string' ? [chosen] : chosen)
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`
const escaped = (value: string): string => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&')

/** SQL: quoted where several may be chosen, else bare with quotes doubled. */
export const forSql: Format = ({ value, several }) =>
  typeof value !== 'string' ? value.map(quoted).join(',') : several ? quoted(value) : value.replaceAll("'", "''")

/** InfluxQL: as in a regular expression, whose special characters are escaped. */
export const forInfluxql: Format = ({ value }) =>
  typeof value === 'string'
    ? escaped(value)
    : value.length === 1
      ? escaped(value[0]!)
      : `(${value.map(escaped).join('|')})`

/** Addresses and texts: one as it is, several in braces. */
export const forText: Format = ({ value }) => (typeof value === 'string' ? value : `{${value.join(',')}}`)

/** Formats that a query can name itself: `${device:sqlstring}`. */
const formats: Readonly<Record<string, Format>> = {
  sqlstring: ({ value }) => valuesOf(value).map(quoted).join(','),
  singlequote: ({ value }) =>
    valuesOf(value)
      .map((each) => `'${each.replaceAll("'", "\\'")}'`)
      .join(','),
  doublequote: ({ value }) =>
    valuesOf(value)
      .map((each) => `"${each.replaceAll('"', '\\"')}"`)
      .join(','),
  regex: forInfluxql,
  csv: ({ value }) => valuesOf(value).join(','),
  pipe: ({ value }) => valuesOf(value).join('|'),
  raw: ({ value }) => valuesOf(value).join(','),
  queryparam: ({ value }) => valuesOf(value).map(encodeURIComponent).join('&'),
  percentencode: ({ value }) => encodeURIComponent(valuesOf(value).join(',')),
}

/** A variable that is not there, or a format that Grafana 9.4 does not know. */
export class NotResolved extends Error {
  override readonly name = 'NotResolved'
}

/**
 * A text with its variables, as `$name`, `${name}`, `${name:format}` or `[[name]]`. What begins with two underscores is Grafana's own and
 * is taken where it is given, else left for the data source.
 * @param format  for variables that name none
 * @throws NotResolved where a variable is named that is not there
 */
export function interpolated(text: string, variables: ReadonlyMap<string, ChosenVariable>, format: Format): string {
  return text.replace(
    /\$(\w+)|\$\{(\w+)(?:\.[\w.]+)?(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g,
    (written, bare?: string, braced?: string, named?: string, old?: string, oldNamed?: string) => {
      const name = bare ?? braced ?? old!
      const variable = variables.get(name)
      if (!variable) {
        if (name.startsWith('__') || /^(timeFilter|interval)$/.test(name)) return written
        throw new NotResolved(`no variable "${name}" for ${written}`)
      }
      const asked = named ?? oldNamed
      if (asked === undefined) return format(variable)
      const known = formats[asked]
      if (!known) throw new NotResolved(`no format "${asked}" for ${written}`)
      return known(variable)
    },
  )
}
