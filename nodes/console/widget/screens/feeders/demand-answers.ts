/** What the API answers of events and programs of demand response, as far as this page shows it. Power in kW; instants ISO 8601. */
import type { Direction } from './answers.ts'

export type DemandMode = 'limit' | 'shed' | 'price'

/** What is asked for: one of a limit (kW), a shed target (kW), a price (R$/kWh). */
export interface DemandAction {
  readonly mode: DemandMode
  readonly limitKw: number | null
  readonly direction: Direction | null
  readonly targetShedKw: number | null
  readonly priceBrlPerKwh: number | null
}

/** `GET /api/events` */
export interface DemandEvent extends DemandAction {
  readonly eventId: number
  readonly type: string
  /** Null: each root feeder. */
  readonly feederId: string | null
  readonly programId: number | null
  readonly tsStart: string
  readonly tsEnd: string
  readonly endsAt: string
  readonly snapbackMinutes: number
  readonly state: 'scheduled' | 'active' | 'over' | 'cancelled'
  readonly cancelledBy: string | null
  readonly cancelReason: string | null
  readonly source: string
  readonly enteredBy: string
}

export interface DemandResult {
  readonly feederId: string
  readonly isFinal: boolean
  readonly basis: 'head' | 'devices'
  readonly baselineKwh: number | null
  readonly actualKwh: number | null
  readonly deliveredKwh: number | null
  readonly committedKwh: number | null
  readonly coverage: number
  readonly reason: string | null
  readonly baselineDays: readonly string[]
  readonly adjustmentKw: number
  readonly parts: readonly {
    readonly from: string
    readonly to: string
    readonly baselineKw: number
    readonly actualKw: number | null
  }[]
  readonly money: {
    readonly amountBrl: number
    readonly formula: string
    readonly rule: { readonly source: string }
  } | null
}

/** `GET /api/events/{eventId}` */
export interface DemandEventInFull extends DemandEvent {
  readonly results: readonly DemandResult[]
}

export interface ProgramWindow {
  readonly days: readonly string[]
  readonly from: string
  readonly to: string
}

/** `GET /api/dr-programs` */
export interface DemandProgram extends DemandAction {
  readonly programId: number
  readonly name: string
  readonly feederId: string | null
  readonly window: (ProgramWindow & { readonly validFrom: string | null; readonly validUntil: string | null }) | null
  readonly timeZone: string
  readonly direction: Direction
  readonly elasticity: number
  readonly incentiveBrlPerKwh: number
  readonly penaltyBrlPerKwh: number
  readonly enrolledOnly: boolean
  readonly snapbackMinutes: number
  readonly active: boolean
}
