import { noon } from '../field.fixture.ts'
import { defaultRules } from '../rules.ts'
import type { RawMetric, RawValue, SparkplugPayload } from './payload.ts'
import { readMappingRules, type WrittenRule } from './mapping-rules.ts'
import { SparkplugSession, type Outcome, type Refusal } from './session.ts'

/** Numbers of the data types that the tests use. */
export const datatypes = {
  Int8: 1,
  Int32: 3,
  Int64: 4,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DataSet: 16,
  Template: 19,
} as const

export type MetricOf = Partial<RawMetric> & { value: RawValue }

export const metric = (more: MetricOf): RawMetric => ({ isHistorical: false, ...more })

/** A number that a birth announces. */
export const announced = (name: string, value: RawValue, more: Partial<RawMetric> = {}): RawMetric =>
  metric({ name, value, datatype: datatypes.Double, timestamp: noon, ...more })

export const word = (name: string, value: string): RawMetric =>
  metric({ name, value, datatype: datatypes.String, timestamp: noon })

export const bdSeq = (value: number): RawMetric =>
  metric({ name: 'bdSeq', value: BigInt(value), datatype: datatypes.Int64 })

/** A meter that says itself that it is one: `va_v` by alias 1, `p_kw` by alias 2. */
export const meterBirth = (va = 127, kw = 1, at = noon): RawMetric[] => [
  word('Linha Viva/kind', 'meter'),
  announced('Meter/va_v', va, { alias: 1n, timestamp: at }),
  announced('Meter/p_kw', kw, { alias: 2n, timestamp: at }),
]

export interface PlantOptions {
  reorderMs?: number
  rebirthMs?: number
  rules?: WrittenRule[]
}

/** A host application and what edge nodes say to it, one after the other. */
export class Plant {
  readonly session: SparkplugSession
  at = noon + 2_000
  paceMs = 1_000_000
  /** Of the edge node `edge`: number of the next message. */
  seq = 0
  #births = 0

  constructor({ reorderMs = 2_000, rebirthMs = 10_000, rules = [] }: PlantOptions = {}) {
    const maxAheadMs = defaultRules.maxAheadMs
    this.session = new SparkplugSession({ reorderMs, rebirthMs, maxAheadMs, rules: readMappingRules(rules) })
  }

  /** Says something under a topic, exactly as given. */
  say(topic: string, payload: SparkplugPayload | { reason: 'bad_payload'; detail: string }): Said {
    const raw = new TextEncoder().encode(`${topic} ${'seq' in payload ? payload.seq : ''}`)
    return new Said(this.session.take({ topic, raw, payload }, this))
  }

  nbirth(metrics: RawMetric[] = [bdSeq(0)], more: Partial<SparkplugPayload> = {}): Said {
    this.seq = 1
    return this.say('spBv1.0/plant/NBIRTH/edge', { timestamp: noon + this.#births++, seq: 0, metrics, ...more })
  }

  ndeath(metrics: RawMetric[] = [bdSeq(0)]): Said {
    return this.say('spBv1.0/plant/NDEATH/edge', { timestamp: noon - 60_000, metrics })
  }

  ndata(metrics: RawMetric[]): Said {
    return this.#next('NDATA', undefined, metrics)
  }

  dbirth(device: string, metrics: RawMetric[] = meterBirth(), more: Partial<SparkplugPayload> = {}): Said {
    return this.#next('DBIRTH', device, metrics, more)
  }

  ddata(device: string, metrics: RawMetric[], more: Partial<SparkplugPayload> = {}): Said {
    return this.#next('DDATA', device, metrics, more)
  }

  ddeath(device: string, more: Partial<SparkplugPayload> = {}): Said {
    return this.#next('DDEATH', device, [], more)
  }

  /** The edge node and a meter `m` of it. */
  born(): this {
    this.nbirth()
    this.dbirth('m')
    return this
  }

  /** A message that never arrives: its number is gone. */
  lose(count = 1): void {
    this.seq = (this.seq + count) % 256
  }

  pass(ms: number): Said {
    this.paceMs += ms
    this.at += ms
    return new Said(this.session.tick(this))
  }

  #next(type: string, device: string | undefined, metrics: RawMetric[], more: Partial<SparkplugPayload> = {}): Said {
    const topic = `spBv1.0/plant/${type}/edge${device === undefined ? '' : `/${device}`}`
    const said = this.say(topic, { timestamp: noon, seq: this.seq, metrics, ...more })
    this.lose()
    return said
  }
}

/** What came of it. */
export class Said {
  readonly outcomes: Outcome[]

  constructor(outcomes: Outcome[]) {
    this.outcomes = outcomes
  }

  /** Bodies of readings. */
  get readings(): Record<string, unknown>[] {
    return this.#contract((topic) => !topic.startsWith('grid/status/'))
  }

  /** `plant.edge.m online`, in order. */
  get presences(): string[] {
    return this.#contract((topic) => topic.startsWith('grid/status/')).map(
      ({ device_id: id, status }) => `${String(id)} ${String(status)}`,
    )
  }

  get presenceInstants(): unknown[] {
    return this.#contract((topic) => topic.startsWith('grid/status/')).map(({ timestamp }) => timestamp)
  }

  get refusals(): Refusal[] {
    return this.outcomes.flatMap((one) => (one.kind === 'refusal' ? [one.refusal] : []))
  }

  get reasons(): string[] {
    return this.refusals.map(({ reason }) => reason)
  }

  /** Edge nodes that are asked for their births. */
  get rebirths(): string[] {
    return this.outcomes.flatMap((one) =>
      one.kind === 'rebirth' ? [`${one.address.group}/${one.address.edgeNode}`] : [],
    )
  }

  #contract(isWanted: (topic: string) => boolean): Record<string, unknown>[] {
    return this.outcomes.flatMap((one) =>
      one.kind === 'contract' && isWanted(one.message.topic) ? [one.message.body] : [],
    )
  }
}
