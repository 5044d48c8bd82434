/** What the API answers of feeders and demand response, as far as this page shows it. Power in kW, consumption positive; instants ISO 8601. */
import type { BothLanguages } from '../screen-words.ts'

export type Line = 'total' | 'A' | 'B' | 'C'
export type Direction = 'import' | 'export'

/** `GET /api/feeder/feeders` */
export interface Feeder {
  readonly feederId: string
  readonly parentFeederId: string | null
  readonly name: string | null
  readonly limitKw: number | null
  readonly deviceCount: number
  readonly downstreamDeviceCount: number
}

export interface LimitInForce {
  readonly line: Line
  readonly direction: Direction
  readonly limitKw: number
  readonly source: string
  readonly expiresAt: string | null
}

export interface StandingLimit {
  readonly limitId: number
  readonly line: Line
  readonly direction: Direction
  readonly value: number
  readonly unit: 'kw' | 'kva' | 'a'
  readonly validFrom: string
  readonly validUntil: string | null
  readonly schedule: { readonly days: readonly number[]; readonly from: string; readonly until: string } | null
  readonly reason: string
  readonly setBy: string
}

/** `GET /api/feeders/{feederId}/limits` */
export interface FeederLimits {
  readonly at: string
  readonly inForce: readonly LimitInForce[]
  readonly changesAt: string | null
  readonly set: readonly StandingLimit[]
}

export interface LimitSet extends StandingLimit {
  readonly warnings: readonly BothLanguages[]
}

/** What one line of a feeder carries by the newest round of the control loop. */
export interface LineLoad {
  readonly feederId: string
  readonly line: Line
  readonly highKw: number
  readonly lowKw: number
  readonly importLimitKw: number | null
  readonly exportLimitKw: number | null
  readonly violationKw: number
}

export interface Round {
  readonly timestamp: string
  readonly mode: 'heuristic' | 'optimizer' | 'mpc'
  readonly cause: 'interval' | 'breach' | 'change' | 'start'
}

/** `GET /api/feeders/{feederId}/allocation` */
export interface FeederAllocation extends Round {
  readonly feeders: readonly LineLoad[]
}

/** `GET /api/devices` */
export interface RegisteredDevice {
  readonly deviceId: string
  readonly type: string | null
  readonly feederId: string | null
  readonly siteId: string | null
  readonly ratedKw: number | null
  readonly isPhysical: boolean
  readonly silent: boolean
}

/** `GET /api/metrics/tracking-error` */
export interface DeviceTracking {
  readonly deviceId: string
  readonly minutes: number
  readonly meanAbsoluteErrorKw: number | null
}

export type BindingKind = 'feeder' | 'shed' | 'wanted' | 'device' | 'least-power' | 'held' | 'lost'

/** `GET /api/feeder/explain` */
export interface SetpointExplanation {
  readonly deviceId: string
  readonly sentence: BothLanguages
  readonly path: readonly string[]
  readonly share: {
    readonly powerKw: number
    readonly wantedKw: number
    readonly deficitKw: number
    readonly toldKw: number | null
    readonly toldUntil: string | null
    readonly measuredKw: number | null
    readonly weight: number
    readonly marginalPrice: number | null
    readonly binding: {
      readonly kind: BindingKind
      readonly feederId: string | null
      readonly line: Line | null
      readonly direction: Direction | null
      readonly limitKw: number | null
      readonly source: string | null
    }
  } | null
  readonly round: Round | null
  readonly numbers: {
    readonly phases: string
    readonly ratedKw: number
    readonly fromKw: number
    readonly untilKw: number
    readonly leastOnKw: number
    readonly contractedKw: number
    readonly isSpared: boolean
    readonly soc: number | null
    readonly deficitKwh: number
    readonly withheld: boolean
    readonly energyNeededKwh: number | null
    readonly departsAt: string | null
  } | null
  readonly feeders: readonly LineLoad[]
}

/** `GET /api/dr-participations` */
export interface Participation {
  readonly participationId: number
  readonly kind: 'enrolled' | 'opted_out'
  readonly programId: number | null
  readonly deviceId: string | null
  readonly unitId: string | null
  readonly startsAt: string
  readonly endsAt: string | null
  readonly enteredBy: string
}
