import { isIdentifier as isDeviceId } from '../../../../platform/wire/fields.ts'
import type { ReadingKind } from '../../../../platform/wire/reading.ts'
import { readingKinds } from '../../../../platform/wire/reading.ts'
import { contractFields, type ContractField } from './contract-fields.ts'
import type { MetricValue } from './datatype.ts'
import type { MappingRule } from './mapping-rules.ts'
import { nameOf, type SourceAddress } from './topic.ts'

/** Where a field's value comes from. */
export interface FieldSource {
  field: ContractField
  /** Name of the metric; undefined where the value is always the same. */
  metric?: string
  constant?: string | number | boolean
  /** Factor from the metric's unit to the field's. */
  scale: number
  /** What the metric's values mean in the field's words: `true` is `closed`. */
  words?: ReadonlyMap<string, string>
}

/** What an edge node's or a device's metrics become. */
export interface Target {
  deviceId: string
  kind: ReadingKind
  sources: readonly FieldSource[]
}

/** The metric with which a device says itself what it is: der, panel, meter or switch. */
const kindMetric = 'Linha Viva/kind'

/** Report by exception is what the device measured just then, unless a rule or a metric says something else. */
const usualConstants: Readonly<Record<ReadingKind, Readonly<Record<string, string | number>>>> = {
  der: {},
  panel: {},
  meter: { aggregation: 'instant', interval_s: 1 },
  switch: {},
}

/** What an edge node or a device is here: how it is called, and what its metrics become, where anything. */
export interface Role {
  deviceId: string
  target?: Target
}

/**
 * Decides what an edge node or a device is: the first rule that fits says it, else its own metric `Linha Viva/kind`.
 * Metrics that no rule names fill the field whose name they bear, in a folder or not. An edge node may be nothing but
 * present; a device is something, or it is a fault.
 * @param births  the metrics of the birth by name, with their values; undefined for a type that no reading has
 */
export function roleOf(
  address: SourceAddress,
  births: ReadonlyMap<string, MetricValue | undefined>,
  rules: readonly MappingRule[],
): Role | { fault: string } {
  const deviceId = identifierOf(address, rules)
  if (typeof deviceId === 'object') return deviceId
  const rule = rules.find((one) => one.fits(address))
  const kind = rule?.kind ?? births.get(kindMetric) ?? undefined
  if (kind === undefined && address.device === undefined) return { deviceId }
  if (kind === undefined)
    return { fault: `${nameOf(address)}: neither a rule nor its metric ${kindMetric} says what it is` }
  if (!isReadingKind(kind))
    return {
      fault: `${nameOf(address)}: ${kindMetric} is ${JSON.stringify(kind)}, it takes ${readingKinds.join(', ')}`,
    }
  const sources = sourcesOf(kind, [...births.keys()], rule)
  if ('fault' in sources) return { fault: `${nameOf(address)}: ${sources.fault}` }
  return { deviceId, target: { deviceId, kind, sources } }
}

/** How an edge node or a device is called here. */
export function identifierOf(address: SourceAddress, rules: readonly MappingRule[]): string | { fault: string } {
  const { group, edgeNode, device } = address
  const usual = device === undefined ? '<group>.<edge>' : '<group>.<edge>.<device>'
  const parts: Record<string, string> = { group, edge: edgeNode, device: device ?? '' }
  const identifier = (rules.find((one) => one.fits(address))?.deviceId ?? usual)
    .replaceAll(/<(group|edge|device)>/g, (_, name: string) => parts[name]!)
    // What Sparkplug allows in a name and the contract does not.
    .replaceAll(/[^A-Za-z0-9_.:-]/gu, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
  if (isDeviceId(identifier)) return identifier
  const written = `"${identifier.slice(0, 80)}"`
  return {
    fault: `${nameOf(address)}: the identifier ${written} has ${identifier.length} characters, it takes 1 to 64`,
  }
}

function sourcesOf(
  kind: ReadingKind,
  metrics: string[],
  rule: MappingRule | undefined,
): readonly FieldSource[] | { fault: string } {
  const sources = new Map<string, FieldSource>()
  for (const field of contractFields(kind).values()) {
    const said = rule?.sources.find((source) => source.field.path === field.path)
    if (said) {
      sources.set(field.path, said)
      continue
    }
    const bearers = bearersOf(field.path, metrics)
    if (bearers.length > 1) return { fault: `${field.path} may be ${bearers.join(' or ')}: a rule has to say which` }
    const constant = usualConstants[kind][field.path]
    if (bearers[0] !== undefined) sources.set(field.path, { field, metric: bearers[0], scale: 1 })
    else if (constant !== undefined) sources.set(field.path, { field, constant, scale: 1 })
  }
  return [...sources.values()]
}

/** Metrics that bear the name of a field: without a folder before those in one. */
function bearersOf(path: string, metrics: string[]): string[] {
  const leaf = path.slice(path.lastIndexOf('.') + 1)
  const bare = metrics.filter((name) => name === leaf)
  return bare.length > 0 ? bare : metrics.filter((name) => name.endsWith(`/${leaf}`))
}

const isReadingKind = (kind: unknown): kind is ReadingKind => readingKinds.includes(kind as ReadingKind)
