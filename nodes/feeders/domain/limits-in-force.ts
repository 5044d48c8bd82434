import { phases, type Direction, type FeederLimit, type Line, type Phase } from './allocation/problem.ts'

export const limitUnits = ['kw', 'kva', 'a'] as const
export type LimitUnit = (typeof limitUnits)[number]

/** A feeder as the registry has it. */
export interface FeederPlace {
  readonly feederId: string
  /** Null: a root. */
  readonly parentFeederId: string | null
  /** What it may carry either way; null: the default. */
  readonly limitKw: number | null
  /** Between phase and neutral; null: nobody says. */
  readonly nominalVoltageV: number | null
  readonly headMeterId: string | null
}

/** Windows that come back by the week, in the civil time of a zone. */
export interface LimitSchedule {
  /** The days on which they begin: 1 Monday to 7 Sunday. */
  readonly days: readonly number[]
  /** `HH:MM`; until also `24:00`. */
  readonly from: string
  readonly until: string
  /** IANA; null: that of the installation. */
  readonly timeZone: string | null
}

/** From an instant on and before another, UTC milliseconds. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** A limit that a person has set. */
export interface SetLimit {
  readonly limitId: number
  readonly feederId: string
  /** Of amperes `total` means each of the three phases. */
  readonly line: Line
  readonly direction: Direction
  readonly value: number
  readonly unit: LimitUnit
  /** UTC milliseconds. */
  readonly validFrom: number
  /** Null: until it is taken back. */
  readonly validUntil: number | null
  /** In force in these windows only; null: always. */
  readonly schedule: LimitSchedule | null
}

/** A limit that an event gives, or the return after one. */
export interface GivenLimit {
  readonly feederId: string
  /** `total` unless given. */
  readonly line?: Line
  /** `import` unless given. */
  readonly direction?: Direction
  readonly limitKw: number
  /** `event:<id>`, `snapback:<id>`. */
  readonly source: string
  /** UTC milliseconds; null: until it is changed. */
  readonly expiresAt: number | null
}

/** What the head of a feeder says that limits in kVA and amperes are made into kW by. */
export interface HeadCircuit {
  /** It said so long ago that it may be otherwise by now. */
  readonly isLost: boolean
  /** Between phase and neutral; null: not measured. */
  readonly voltageV: Readonly<Record<Phase, number | null>>
  /** By line; null: not measured. */
  readonly reactiveKvar: Readonly<Record<Line, number | null>>
}

export interface LimitSettings {
  /** FEEDER_DEFAULT_LIMIT_KW. */
  readonly defaultLimitKw: number | null
  /** CONTROL_GLOBAL_KW_LIMIT: what each root may carry. */
  readonly globalLimitKw: number | null
}

export interface LimitsInForce {
  /** By feeder; every feeder has its own, be it an empty list. */
  readonly byFeeder: ReadonlyMap<string, readonly FeederLimit[]>
  /** The next instant at which something of it begins or ends, UTC milliseconds; null: nothing will by itself. */
  readonly changesAt: number | null
}

/**
 * The limits in force at an instant, in kW, each with its source and expiry. Amperes are made into kW by the nominal voltage of the
 * feeder, or the measured one where it is lower; apparent power and amperes by what reactive power leaves, where the head measures
 * it, and by the reference power factor where it does not.
 * @param at        UTC milliseconds
 * @param heads     what the heads of feeders have said
 * @param windowOf  the window of a schedule that an instant is in, or the first one after it
 */
export function limitsInForce(
  at: number,
  feeders: readonly FeederPlace[],
  set: readonly SetLimit[],
  given: readonly GivenLimit[],
  heads: ReadonlyMap<string, HeadCircuit>,
  settings: LimitSettings,
  windowOf: (schedule: LimitSchedule, at: number) => Span | undefined,
): LimitsInForce {
  const places = new Map(feeders.map((feeder) => [feeder.feederId, feeder]))
  const byFeeder = new Map<string, FeederLimit[]>(
    feeders.map((feeder) => [feeder.feederId, standing(feeder, settings)]),
  )
  const edges: number[] = []
  for (const limit of set) {
    const place = places.get(limit.feederId)
    if (!place || (limit.validUntil !== null && limit.validUntil <= at)) continue
    const window = limit.schedule === null ? always : windowOf(limit.schedule, Math.max(at, limit.validFrom))
    if (!window) continue
    const from = Math.max(limit.validFrom, window.from)
    const until = Math.min(limit.validUntil ?? Infinity, window.until)
    if (from >= until) continue
    edges.push(from > at ? from : until)
    if (from > at) continue
    const source = `${limit.schedule === null ? 'limit' : 'schedule'}:${limit.limitId}`
    const expiresAt = until === Infinity ? null : until
    for (const { line, limitKw } of inKw(limit, place, heads.get(limit.feederId)))
      byFeeder.get(limit.feederId)!.push({ line, direction: limit.direction, limitKw, source, expiresAt })
  }
  for (const { feederId, line = 'total', direction = 'import', limitKw, source, expiresAt } of given) {
    if (expiresAt !== null && expiresAt <= at) continue
    byFeeder.get(feederId)?.push({ line, direction, limitKw, source, expiresAt })
    if (expiresAt !== null) edges.push(expiresAt)
  }
  const next = edges.reduce((one, other) => Math.min(one, other), Infinity)
  return { byFeeder, changesAt: next === Infinity ? null : next }
}

const always: Span = { from: -Infinity, until: Infinity }

/** What holds until the registry or the environment is changed. */
function standing({ limitKw, parentFeederId }: FeederPlace, settings: LimitSettings): FeederLimit[] {
  const limits: [number | null, string][] = [
    limitKw === null ? [settings.defaultLimitKw, 'default'] : [limitKw, 'registry'],
    [parentFeederId === null ? settings.globalLimitKw : null, 'global'],
  ]
  return limits.flatMap(([limit, source]) =>
    limit === null
      ? []
      : (['import', 'export'] as const).map((direction) => ({
          ...{ line: 'total' as const, direction, limitKw: limit, source, expiresAt: null },
        })),
  )
}

/** The reference power factor (PRODIST Módulo 8, reactive power): what is assumed where nobody measures. */
const referencePowerFactor = 0.92
/** The least nominal voltage between phase and neutral of low voltage in Brazil, V: assumed where nobody says. */
const leastNominalVoltageV = 127

function inKw(
  { line, value, unit }: SetLimit,
  { nominalVoltageV }: FeederPlace,
  head: HeadCircuit | undefined,
): { line: Line; limitKw: number }[] {
  if (unit === 'kw') return [{ line, limitKw: value }]
  if (unit === 'kva') return [{ line, limitKw: activePart(value, line, head) }]
  return (line === 'total' ? phases : [line]).map((phase) => {
    const nominalV = nominalVoltageV ?? leastNominalVoltageV
    const voltageV = Math.min(nominalV, head?.voltageV[phase] ?? nominalV)
    return { line: phase, limitKw: activePart((value * voltageV) / 1_000, phase, head) }
  })
}

/**
 * What reactive power leaves of an apparent power, kW; without a measurement of it by the reference power factor, and where it was
 * measured before the head was lost the least of both.
 */
function activePart(apparentKva: number, line: Line, head: HeadCircuit | undefined): number {
  const assumedKw = apparentKva * referencePowerFactor
  const reactiveKvar = head?.reactiveKvar[line] ?? null
  if (reactiveKvar === null) return assumedKw
  const leftKw = Math.sqrt(Math.max(0, apparentKva ** 2 - reactiveKvar ** 2))
  return head!.isLost ? Math.min(assumedKw, leftKw) : leftKw
}
