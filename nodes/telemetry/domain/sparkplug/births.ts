import { readValue, type MetricValue } from './datatype.ts'
import type { RawMetric, SparkplugPayload } from './payload.ts'
import type { ReadMetric } from './report.ts'

/** What a birth says of one metric. */
interface Definition {
  name: string
  datatype: number
  alias: bigint | undefined
}

export type Definitions = ReadonlyMap<string, Definition>

/** Metrics of one edge node or device, at most. */
const mostMetrics = 5_000

/** Why a birth cannot be used. */
export interface BirthFault {
  reason: 'bad_payload' | 'too_many_items'
  fault: string
}

/**
 * Reads what a birth defines.
 * @param taken  whether an alias is another's already: they are unique over an edge node and its devices (6.4.6)
 * @param room  for so many metrics there is room
 */
export function readDefinitions(
  { metrics }: SparkplugPayload,
  taken: (alias: bigint) => boolean,
  room: number,
): Definitions | BirthFault {
  const most = Math.min(mostMetrics, room)
  if (metrics.length > most)
    return { reason: 'too_many_items', fault: `${metrics.length} metrics in a birth, there is room for ${most}` }
  const reason = 'bad_payload'
  const definitions = new Map<string, Definition>()
  const aliases = new Set<bigint>()
  for (const { name, alias, datatype } of metrics) {
    if (!name) return { reason, fault: 'a metric of the birth has no name' }
    if (datatype === undefined) return { reason, fault: `metric ${name} of the birth has no data type` }
    const before = definitions.get(name)
    if (before && before.datatype !== datatype)
      return { reason, fault: `metric ${name} stands in the birth with two data types` }
    if (before) continue
    if (alias !== undefined && (aliases.has(alias) || taken(alias)))
      return { reason, fault: `alias ${alias} of metric ${name} is another metric's already` }
    if (alias !== undefined) aliases.add(alias)
    definitions.set(name, { name, datatype, alias })
  }
  return definitions
}

export interface ReadMetrics {
  read: ReadMetric[]
  /** Templates, DataSets, bytes and arrays: no reading has them. */
  unsupported: number
}

/**
 * Reads the metrics of a payload by what the birth defined. A value that does not fit its data type becomes a word that
 * says so: where a field is made of it, the checks of the contract refuse it.
 * @param nameOf  the metric of an alias; undefined where this source has none of that alias
 * @returns `unknown`, where the birth did not announce a metric
 */
export function readMetrics(
  { metrics, timestamp }: SparkplugPayload,
  definitions: Definitions,
  nameOf: (alias: bigint) => string | undefined,
): ReadMetrics | { unknown: string } {
  const read: ReadMetric[] = []
  let unsupported = 0
  for (const metric of metrics) {
    // A name says more than an alias, where a metric has both.
    const name = metric.name || (metric.alias === undefined ? undefined : nameOf(metric.alias))
    const definition = name === undefined ? undefined : definitions.get(name)
    if (!definition) return { unknown: called(metric) }
    const value = readValue(metric.value ?? null, definition.datatype)
    if (value === undefined) {
      unsupported++
      continue
    }
    const { isHistorical, quality } = metric
    const said = typeof value === 'object' && value !== null ? value.fault : value
    read.push({ name: definition.name, value: said, at: metric.timestamp ?? timestamp, isHistorical, quality })
  }
  return { read, unsupported }
}

/** What a birth says of each metric it announces; undefined for a type that no reading has. */
export function birthValues(
  definitions: Definitions,
  read: readonly ReadMetric[],
): ReadonlyMap<string, MetricValue | undefined> {
  const values = new Map<string, MetricValue | undefined>()
  for (const name of definitions.keys()) values.set(name, undefined)
  for (const { name, value } of read) values.set(name, value)
  return values
}

const called = ({ name, alias }: RawMetric): string =>
  name ? `metric ${name}` : alias === undefined ? 'a metric without name and alias' : `alias ${alias}`
