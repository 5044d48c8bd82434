import { fieldContract, topicOf } from '../../../../platform/wire/contract.ts'
import type { MetricValue } from './datatype.ts'
import type { FieldSource, Target } from './mapping.ts'

/** A metric whose name, type and instant are known. */
export interface ReadMetric {
  name: string
  value: MetricValue
  /** UTC ms; undefined where neither the metric nor its payload has one. */
  at: number | undefined
  isHistorical: boolean
  /** Its property `Quality`. */
  quality: number | undefined
}

/** A message of the field contract: what the device would have sent as JSON. */
export interface ContractMessage {
  topic: string
  body: Record<string, unknown>
}

/** Of a field: what it was last, when, and how good that was. */
interface Held {
  value: MetricValue
  at: number | undefined
  quality: number | undefined
}

/**
 * Makes contract messages of what a device reports by exception: what did not change still holds. It knows one birth
 * only, so that nothing from before it is ever reported.
 */
export class DeviceReport {
  readonly #target: Target
  readonly #byMetric = new Map<string, FieldSource[]>()
  #held = new Map<FieldSource, Held>()
  #latestAt = -Infinity
  /** Under which instant the last reading of what holds was reported. */
  #reportedAt = -Infinity

  constructor(target: Target) {
    this.#target = target
    for (const source of target.sources) {
      if (source.metric === undefined) continue
      const others = this.#byMetric.get(source.metric)
      if (others) others.push(source)
      else this.#byMetric.set(source.metric, [source])
    }
  }

  /** The whole of a birth is one reading, at the instant of its newest value. */
  birth(metrics: readonly ReadMetric[]): ContractMessage[] {
    const mapped = this.#mapped(metrics)
    const current = mapped.filter(({ isHistorical }) => !isHistorical)
    for (const metric of current) this.#hold(this.#held, metric)
    const at = newestOf(current)
    if (at !== undefined) this.#latestAt = this.#reportedAt = at
    const earlier = this.#alone(mapped.filter(({ isHistorical }) => isHistorical))
    return current.length > 0 ? [...earlier, this.#message(this.#held, at)] : earlier
  }

  /**
   * One reading an instant: what changed then, with what held already. What is historical, or older than what was
   * reported, stands alone: what holds now did not hold then. Not historical, and newer than what its own metric said
   * before, it holds from then on.
   */
  changes(metrics: readonly ReadMetric[]): ContractMessage[] {
    const mapped = this.#mapped(metrics)
    const isEarlier = ({ isHistorical, at }: ReadMetric): boolean =>
      isHistorical || (at !== undefined && at < this.#latestAt)
    const current = mapped.filter((metric) => !isEarlier(metric))
    const messages = this.#alone(mapped.filter(isEarlier))
    const late = mapped.filter((metric) => isEarlier(metric) && !metric.isHistorical)
    for (const metric of late) if (!this.#holdsNewer(metric)) this.#hold(this.#held, metric)
    for (const [at, together] of byInstant(current)) {
      for (const metric of together) this.#hold(this.#held, metric)
      if (at !== undefined) this.#latestAt = at
      messages.push(this.#message(this.#held, at === undefined ? at : this.#instantOf(at)))
    }
    return messages
  }

  /**
   * An edge node may send what it measured in one scan metric by metric. A device has one reading an instant, so what comes
   * after the first of them is of the millisecond after.
   */
  #instantOf(at: number): number {
    return (this.#reportedAt = Math.max(at, this.#reportedAt + 1))
  }

  /** Only what describes the device is the same at every instant. */
  #alone(metrics: readonly ReadMetric[]): ContractMessage[] {
    return [...byInstant(metrics)].map(([at, together]) => {
      const then = new Map([...this.#held].filter(([{ field }]) => field.steady))
      for (const metric of together) this.#hold(then, metric)
      return this.#message(then, at)
    })
  }

  #mapped(metrics: readonly ReadMetric[]): ReadMetric[] {
    return metrics.filter(({ name }) => this.#byMetric.has(name))
  }

  #hold(held: Map<FieldSource, Held>, { name, value, at, quality }: ReadMetric): void {
    for (const source of this.#byMetric.get(name) ?? []) held.set(source, { value, at, quality })
  }

  #holdsNewer({ name, at = Infinity }: ReadMetric): boolean {
    return (this.#byMetric.get(name) ?? []).some((source) => (this.#held.get(source)?.at ?? -Infinity) > at)
  }

  #message(held: ReadonlyMap<FieldSource, Held>, at: number | undefined): ContractMessage {
    const { kind, deviceId, sources } = this.#target
    const body: Record<string, unknown> = { [fieldContract[kind].idField]: deviceId }
    if (at !== undefined) body['timestamp'] = at
    for (const source of sources) {
      const { constant } = source
      const value = constant !== undefined ? constant : fieldValue(source, held.get(source)?.value)
      if (value !== undefined) put(body, source.field.path, value)
    }
    const quality = worst([...held.values()])
    if (quality !== 'good' || kind === 'switch') body['quality'] = quality
    return { topic: topicOf(kind, deviceId), body }
  }
}

function newestOf(metrics: readonly ReadMetric[]): number | undefined {
  let newest: number | undefined
  for (const { at } of metrics) if (at !== undefined) newest = Math.max(newest ?? at, at)
  return newest
}

/** In the order of time; what has no instant is of now, the last. */
function byInstant(metrics: readonly ReadMetric[]): Map<number | undefined, ReadMetric[]> {
  const instants = new Map<number | undefined, ReadMetric[]>()
  for (const metric of metrics) {
    const together = instants.get(metric.at)
    if (together) together.push(metric)
    else instants.set(metric.at, [metric])
  }
  return new Map([...instants].sort(([a = Infinity], [b = Infinity]) => a - b))
}

/**
 * What a field becomes. A value that does not suit it goes there as it is, so that the checks of the contract refuse it
 * by name: JSON itself would make NaN an absent phase.
 */
function fieldValue({ field, scale, words }: FieldSource, value: MetricValue | undefined): unknown {
  if (value === undefined) return undefined
  if (value === null) return field.nullable ? null : undefined
  if (words) return words.get(String(value)) ?? String(value)
  if (typeof value !== 'number') return value
  if (!Number.isFinite(value)) return String(value)
  // 1500 W are 1.5 kW, and not 1.5000000000000002.
  return scale === 1 ? value : Number((value * scale).toPrecision(12))
}

function put(body: Record<string, unknown>, path: string, value: unknown): void {
  const [outer, inner] = path.split('.') as [string, string?]
  if (inner === undefined) body[outer] = value
  else body[outer] = { ...(body[outer] as object | undefined), [inner]: value }
}

const goodQuality = 192
const badQuality = 0

/** A reading is as good as its worst value (codes of Sparkplug 3.0.0, 6.4.10). */
function worst(held: readonly Held[]): 'good' | 'questionable' | 'invalid' {
  const codes = held.map(({ quality }) => quality ?? goodQuality)
  if (codes.includes(badQuality)) return 'invalid'
  return codes.every((code) => code === goodQuality) ? 'good' : 'questionable'
}
