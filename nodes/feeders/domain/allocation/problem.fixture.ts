import type { Binding } from './allocation.ts'
import { phases } from './problem.ts'
import type { BaseLoad, Device, DeviceKind, Direction, Feeder, FeederLimit, Line, Phase, Problem } from './problem.ts'

/** kW of each line, or of the total alone, which is then the same on all three phases. */
type ByLine = number | Partial<Record<Line, number>>

/** A feeder as a worked case writes it: limits from the registry, unless they say otherwise. */
export interface CaseFeeder {
  readonly id: string
  readonly parent?: string
  readonly import?: number
  readonly export?: number
  readonly limits?: readonly { line?: Line; direction?: Direction; kw: number; source?: string }[]
  /** Base load, kW; with a margin, from `low` to `high`. */
  readonly base?: ByLine
  readonly baseLow?: ByLine
}

/** A device as a worked case writes it: three phases, weight 1, all it can is wanted. */
export interface CaseDevice {
  readonly id: string
  readonly feeder: string
  readonly kind: DeviceKind
  readonly phases?: string
  readonly from?: number
  readonly until?: number
  readonly least?: number
  readonly wanted?: number
  readonly contracted?: number
  readonly weight?: number
  readonly present?: number
  readonly held?: 'on' | 'off'
  readonly lostAt?: number
}

export interface CaseShed {
  readonly id: string
  readonly feeder: string
  readonly until: number
}

export function problemOf(
  feeders: readonly CaseFeeder[],
  devices: readonly CaseDevice[],
  shed: readonly CaseShed[] = [],
  stepKw = 0.1,
): Problem {
  return {
    at: 0,
    intervalMs: 60_000,
    feeders: feeders.map(feederOf),
    devices: devices.map(deviceOf),
    shedTargets: shed.map(({ id, feeder, until }) => ({ targetId: id, feederId: feeder, dispatchableUntilKw: until })),
    prices: null,
    stepKw,
  }
}

function feederOf({
  id,
  parent,
  import: imported,
  export: exported,
  limits = [],
  base = 0,
  baseLow = base,
}: CaseFeeder): Feeder {
  const all: FeederLimit[] = limits.map(({ line = 'total', direction = 'import', kw, source = 'registry' }) => ({
    line,
    direction,
    limitKw: kw,
    source,
    expiresAt: null,
  }))
  const registry = { line: 'total', source: 'registry', expiresAt: null } as const
  if (imported !== undefined) all.push({ ...registry, direction: 'import', limitKw: imported })
  if (exported !== undefined) all.push({ ...registry, direction: 'export', limitKw: exported })
  return {
    feederId: id,
    parentFeederId: parent ?? null,
    limits: all,
    baseLoad: { lowKw: byLine(baseLow), highKw: byLine(base) },
  }
}

function byLine(kw: ByLine): BaseLoad['lowKw'] {
  if (typeof kw === 'number') return { total: kw, A: kw / 3, B: kw / 3, C: kw / 3 }
  const [a = 0, b = 0, c = 0] = phases.map((phase) => kw[phase] ?? 0)
  return { total: kw.total ?? a + b + c, A: a, B: b, C: c }
}

function deviceOf(device: CaseDevice): Device {
  const { from = 0, until = 0, wanted = device.kind === 'pv' ? from : until } = device
  return {
    deviceId: device.id,
    feederId: device.feeder,
    kind: device.kind,
    phases: (device.phases ?? 'ABC').split('') as Phase[],
    fromKw: from,
    untilKw: until,
    leastOnKw: device.least ?? 0,
    wantedKw: wanted,
    contractedKw: device.contracted ?? 0,
    weight: device.weight ?? 1,
    presentKw: device.present ?? null,
    held: device.held ?? null,
    lostAtKw: device.lostAt ?? null,
  }
}

/** A binding as a worked case writes it: `wanted`, `shed T1`, `F1 import total registry`. */
export function bindingText(binding: Binding): string {
  if (binding.kind === 'shed') return `shed ${binding.targetId}`
  if (binding.kind !== 'feeder') return binding.kind
  return `${binding.feederId} ${binding.direction} ${binding.line} ${binding.source}`
}
