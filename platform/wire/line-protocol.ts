/**
 * InfluxDB's line protocol: one point a line, `series fields time`.
 * Source: InfluxDB documentation, "Line protocol reference".
 */

/** A field's value; what is absent, and what no number is, gets no field. */
export type FieldValue = number | string | boolean | null | undefined

/** Sub-millisecond digits that a point's time may carry. */
export const instantSlots = 1_000_000

/**
 * Names a series: its measurement and its tags, sorted. An empty or absent tag is left out. A backslash at the end of
 * a tag, which the protocol cannot carry, becomes a slash; a control character becomes a space.
 */
export function seriesKey(measurement: string, tags: Readonly<Record<string, string | undefined>>): string {
  let key = escaped(measurement, /[, ]/g)
  for (const name of Object.keys(tags).toSorted()) {
    const value = tags[name]
    if (value) key += `,${escaped(name, /[,= ]/g)}=${escaped(value, /[,= ]/g)}`
  }
  return key
}

/**
 * Puts a point into words.
 * @param series  from `seriesKey`
 * @param names   names of the fields, in the order of `values`
 * @param time    from `pointTime`
 * @returns undefined where there is no field at all: InfluxDB has no such points
 */
export function lineOf(
  series: string,
  names: readonly string[],
  values: readonly FieldValue[],
  time: string,
): string | undefined {
  let fields = ''
  for (let i = 0; i < names.length; i++) {
    const text = fieldText(values[i])
    if (text !== undefined) fields += `${fields === '' ? '' : ','}${names[i]}=${text}`
  }
  return fields === '' ? undefined : `${series} ${fields} ${time}`
}

/**
 * A point's time in nanoseconds. Readings are of whole milliseconds; the digits below tell points apart that share
 * their series and their instant, and would otherwise take each other's place.
 * @param at    UTC milliseconds
 * @param slot  0 to 999,999
 */
export const pointTime = (at: number, slot = 0): string => `${at}${String(slot).padStart(6, '0')}`

function fieldText(value: FieldValue): string | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? String(value) : undefined
    case 'string':
      return `"${value.replaceAll(/["\\]/g, '\\$&')}"`
    case 'boolean':
      return String(value)
    default:
      return undefined
  }
}

const escaped = (text: string, special: RegExp): string =>
  text
    .replaceAll(/[\0-\x1f\x7f]/g, ' ')
    .replace(/\\+$/, '/')
    .replaceAll(special, '\\$&')
