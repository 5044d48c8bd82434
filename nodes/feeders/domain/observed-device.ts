import type { DeviceKind, Phase } from './allocation/problem.ts'

/** What is known of a device that can follow setpoints, as a round finds it. Power is kW at the terminals, consumption positive; instants are UTC milliseconds. */
export interface ObservedDevice {
  readonly deviceId: string
  readonly feederId: string
  readonly kind: DeviceKind
  readonly phases: readonly Phase[]
  readonly ratedKw: number
  /** Between phase and neutral. */
  readonly phaseVoltageV: number
  /** 0 … 100; null: nobody has said. */
  readonly priority: number | null
  /** What the registry says of its steering; null: the default holds. */
  readonly leastKw: number | null
  readonly fallbackKw: number | null
  readonly contractedKw: number | null
  readonly capacityKwh: number | null
  readonly rampKwPerMinute: number | null
  readonly minOnS: number | null
  readonly minOffS: number | null
  /** Its newest reading; null: it has sent none. */
  readonly reading: DeviceReading | null
  /** Whether it, or its broker, said that it is offline, and nothing came of it since. */
  readonly isOffline: boolean
  readonly told: ToldSetpoint | null
  /** Not delivered so far, kWh, as it stood at an instant. */
  readonly deficit: { readonly kwh: number; readonly at: number } | null
  /** What the round before gave it; null: there was none. */
  readonly share: EarlierShare | null
}

export interface DeviceReading {
  readonly at: number
  readonly receivedAt: number
  /** Null: it is not fit for use. */
  readonly powerKw: number | null
  /** 0 to 1. */
  readonly soc: number | null
  /** Of a PV: what the weather allows, kW generated. */
  readonly expectedKw: number | null
  readonly pluggedIn: boolean | null
  /** Still to come. */
  readonly energyNeededKwh: number | null
  readonly departsAt: number | null
}

/** What it follows by the word of the platform. */
export interface ToldSetpoint {
  readonly powerKw: number
  readonly expiresAt: number
}

/** What is kept of a device from round to round. */
export interface EarlierShare {
  readonly at: number
  readonly deficitKw: number
  /** When it was first told what it is told. */
  readonly toldAt: number | null
  /** Lowest and highest of what it may have heard since it was last heard itself, and until when that may hold; null: nothing. */
  readonly heard: HeardSpan | null
  /** When it was last told to go on, or off; null: never. */
  readonly switchedAt: number | null
}

export interface HeardSpan {
  readonly lowKw: number
  readonly highKw: number
  readonly until: number
}

/** Least current that a car draws while it charges, A on each phase (IEC 61851-1). */
const leastCarA = 6

/** Least power of a device while it draws at all, kW. */
export const leastOnOf = ({ kind, leastKw, ratedKw, phaseVoltageV, phases }: ObservedDevice): number =>
  Math.min(ratedKw, leastKw ?? (kind === 'ev' ? (leastCarA * phaseVoltageV * phases.length) / 1_000 : 0))

/**
 * Where a device goes by itself when it hears nothing, kW: what the registry says, else a PV generates what it can, a car is not
 * charged and a battery rests.
 */
export const fallbackOf = ({
  kind,
  fallbackKw,
  ratedKw,
}: Pick<ObservedDevice, 'kind' | 'fallbackKw' | 'ratedKw'>): number =>
  fallbackKw ?? (kind === 'pv' && ratedKw > 0 ? -ratedKw : 0)

/** Energy of a battery by its power where nobody has said, h. */
const usualHours = 2

/** Energy that a battery holds, kWh. */
export const capacityOf = ({ capacityKwh, ratedKw }: Pick<ObservedDevice, 'capacityKwh' | 'ratedKw'>): number =>
  capacityKwh ?? ratedKw * usualHours
