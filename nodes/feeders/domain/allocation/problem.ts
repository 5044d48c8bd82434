/**
 * What is to be shared in one interval: a tree of feeders with the limits in force, the load that nobody steers, and the devices that
 * follow setpoints. Power is kW at the terminals, consumption positive: a battery that discharges and a PV inverter have less than
 * zero. Facts: each node of the tree, and each phase of it, bounds the sum of all below it, both ways.
 */

export type Phase = 'A' | 'B' | 'C'
export const phases: readonly Phase[] = ['A', 'B', 'C']

/** What a limit bounds: the sum of all phases, or one of them. */
export type Line = 'total' | Phase
export const lines: readonly Line[] = ['total', ...phases]

/** `import`: towards the loads; `export`: back towards the source. */
export type Direction = 'import' | 'export'

/** A limit in force on a feeder, made into kW. */
export interface FeederLimit {
  readonly line: Line
  readonly direction: Direction
  /** At least 0. */
  readonly limitKw: number
  /** Who set it: `registry`, `default`, `schedule:<id>`, `event:<id>`, `snapback:<id>`, `head-meter-lost` … */
  readonly source: string
  /** UTC milliseconds; null: until it is changed. */
  readonly expiresAt: number | null
}

/** What nobody steers on a feeder itself (not below it), as it may come out in the interval: with its margin. */
export interface BaseLoad {
  /** Lowest and highest by line, kW; for `total` and each phase. */
  readonly lowKw: Readonly<Record<Line, number>>
  readonly highKw: Readonly<Record<Line, number>>
}

export interface Feeder {
  readonly feederId: string
  /** Null: a root. Parents stand in the same problem; there are no circles. */
  readonly parentFeederId: string | null
  /** Of several for one line and direction the least holds. */
  readonly limits: readonly FeederLimit[]
  readonly baseLoad: BaseLoad
}

export type DeviceKind = 'ev' | 'battery' | 'pv'

/**
 * A device that follows setpoints. It can take 0 wherever `fromKw ≤ 0 ≤ untilKw`, or p with `fromKw ≤ p ≤ untilKw` and, above 0,
 * `p ≥ leastOnKw`. Its power is shared equally by its phases.
 */
export interface Device {
  readonly deviceId: string
  readonly feederId: string
  readonly kind: DeviceKind
  readonly phases: readonly Phase[]
  /** Bounds of this interval: rating, ramp, state of charge, what the car or the sun allows. A PV: −available … 0. */
  readonly fromKw: number
  readonly untilKw: number
  /** Least power while it draws at all: of an EV 6 A on each of its phases; else 0. */
  readonly leastOnKw: number
  /** What it would take were there no limit, between `fromKw` and `untilKw`: the need of a car until it leaves, a battery's way to its target; a PV: −available. */
  readonly wantedKw: number
  /** What it has by contract; it comes before all fairness. 0: nothing. */
  readonly contractedKw: number
  /** Weight of its deficit, > 0: priority, SOC gap, long-lived deficit. */
  readonly weight: number
  /** What it was told last, kW; null: nothing. Least movement goes by it, and who is on stays on. */
  readonly presentKw: number | null
  /** It must be on, or off, for now: minimum on and off times. */
  readonly held: 'on' | 'off' | null
  /** It does not hear us, and is at this power, kW, whatever we say; null: it hears. */
  readonly lostAtKw: number | null
}

/** What demand response asks for: less of what is wanted, below one feeder. */
export interface ShedTarget {
  readonly targetId: string
  readonly feederId: string
  /** The dispatchable devices below the feeder take no more than this together, kW, where their minima allow it. */
  readonly dispatchableUntilKw: number
}

/** Money for the optimizer, by energy; without them cost decides nothing. */
export interface Prices {
  readonly importBrlPerKwh: number
  readonly exportBrlPerKwh: number
}

export interface Problem {
  /** Beginning of the interval, UTC milliseconds. */
  readonly at: number
  readonly intervalMs: number
  readonly feeders: readonly Feeder[]
  readonly devices: readonly Device[]
  readonly shedTargets: readonly ShedTarget[]
  readonly prices: Prices | null
  /** Setpoints are multiples of this, kW, towards less power; > 0. */
  readonly stepKw: number
}
