import type { Direction, Line } from './problem.ts'

export const allocationModes = ['heuristic', 'optimizer', 'mpc'] as const
export type AllocationMode = (typeof allocationModes)[number]

/** What keeps a device from more: a limit of the tree, or something of its own. */
export type Binding =
  | {
      readonly kind: 'feeder'
      readonly feederId: string
      readonly line: Line
      readonly direction: Direction
      readonly limitKw: number
      readonly source: string
    }
  | { readonly kind: 'shed'; readonly targetId: string; readonly feederId: string }
  /** It gets all it wants. */
  | { readonly kind: 'wanted' }
  /** Its rating, ramp or state of charge. */
  | { readonly kind: 'device' }
  /** What was left would be below its least power. */
  | { readonly kind: 'least-power' }
  /** A minimum on or off time. */
  | { readonly kind: 'held' }
  /** It does not hear us. */
  | { readonly kind: 'lost' }

export interface DeviceShare {
  readonly deviceId: string
  /** kW, consumption positive; as rounded. */
  readonly powerKw: number
  readonly binding: Binding
  /**
   * What one more kW at this device would cost or gain, R$/kWh, by the solver's duals; null where no solver ran. Where cost does
   * not decide, in units of weighted deficit per kW.
   */
  readonly marginalPrice: number | null
  /** What it wanted and did not get, kW, ≥ 0. */
  readonly deficitKw: number
}

export interface FeederLoad {
  readonly feederId: string
  readonly line: Line
  /** With the base load at its highest and at its lowest, kW, of all below. */
  readonly highKw: number
  readonly lowKw: number
  /** Null: not limited. */
  readonly importLimitKw: number | null
  readonly exportLimitKw: number | null
  /** By how much what is allocated goes beyond a limit, kW; the base load alone may: see `unavoidableKw`. */
  readonly violationKw: number
  /** Part of the violation that no setpoint could avoid, kW. */
  readonly unavoidableKw: number
}

export interface Allocation {
  readonly mode: AllocationMode
  /** Asked for was another mode, and why it was not; null: it is what was asked for. */
  readonly fallback: { readonly asked: AllocationMode; readonly reason: string } | null
  readonly devices: readonly DeviceShare[]
  readonly feeders: readonly FeederLoad[]
  readonly totals: {
    readonly consumedKw: number
    readonly dischargedKw: number
    readonly generatedKw: number
    readonly curtailedKw: number
    readonly deficitKw: number
    /** Shortfall against each shed target, kW. */
    readonly shedShortfallKw: Readonly<Record<string, number>>
  }
  /** Machine time of the solver, ms; set by whoever ran it, 0 within pure code. */
  readonly solverMs: number
}
