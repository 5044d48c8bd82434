import type { Direction } from '../allocation/problem.ts'

/** What a call asks of a feeder. */
export type Action =
  /** The feeder carries no more than this, kW ≥ 0: a limit like any other, which nothing goes beyond. */
  | {
      readonly mode: 'limit'
      readonly direction: Direction
      readonly limitKw: number
      readonly targetShedKw: number | null
    }
  /** What is steered below the feeder takes so much less than it wants, kW ≥ 0: as far as limits and contracts let it. */
  | { readonly mode: 'shed'; readonly targetShedKw: number }
  /** A price, R$/kWh ≥ 0, by which what is wanted changes: `elasticity` per cent (≤ 0) for each per cent of price. */
  | {
      readonly mode: 'price'
      readonly priceBrlPerKwh: number
      readonly elasticity: number
      readonly targetShedKw: number | null
    }

export const demandModes = ['limit', 'shed', 'price'] as const
export type DemandMode = (typeof demandModes)[number]

/** An event, or what the window of a program has become when it began. Instants are UTC milliseconds. */
export interface DemandCall {
  readonly eventId: number
  /** Null: it belongs to none. */
  readonly programId: number | null
  /** Null: each root by itself. */
  readonly feederId: string | null
  readonly action: Action
  readonly startsAt: number
  readonly endsAt: number
  /** Null: it was not. */
  readonly cancelledAt: number | null
  /** For so long after its end the feeder returns in steps, ms ≥ 0; 0: at once. */
  readonly snapbackMs: number
}

/** When it really ends: as planned, or when it is cancelled. Not after its beginning where it never was. */
export const endOf = ({ endsAt, cancelledAt }: Pick<DemandCall, 'endsAt' | 'cancelledAt'>): number =>
  cancelledAt === null ? endsAt : Math.min(endsAt, cancelledAt)

/** Whether there is, or was, any instant at which it is in force: one that was cancelled before its beginning has none. */
export const everInForce = (call: Pick<DemandCall, 'startsAt' | 'endsAt' | 'cancelledAt'>): boolean =>
  endOf(call) > call.startsAt

/** From its beginning on, until before its end. @param at  UTC milliseconds */
export const isInForce = (call: Pick<DemandCall, 'startsAt' | 'endsAt' | 'cancelledAt'>, at: number): boolean =>
  call.startsAt <= at && at < endOf(call)

/** Names it where limits and setpoints say why. */
export const sourceOf = ({ eventId }: Pick<DemandCall, 'eventId'>): string => `event:${eventId}`
export const snapbackSourceOf = ({ eventId }: Pick<DemandCall, 'eventId'>): string => `snapback:${eventId}`
