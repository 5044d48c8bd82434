import type { ReadingKind } from '../../wire/reading.ts'
import type { RegistrationStatus } from '../registration.ts'

/** Rows of the network, by the names of the database and of the files. */
export interface Feeder {
  readonly feeder_id: string
  readonly parent_feeder_id: string | null
  readonly name: string | null
  readonly limit_kw: number | null
}

export interface Site {
  readonly site_id: string
  readonly feeder_id: string | null
  readonly name: string | null
  readonly latitude: number | null
  readonly longitude: number | null
}

export interface Device {
  readonly device_id: string
  readonly kind: ReadingKind | null
  readonly der_type: string | null
  readonly status: RegistrationStatus
  readonly site_id: string | null
  readonly feeder_id: string | null
  readonly location: string | null
  readonly nominal_voltage_v: number | null
  readonly rated_kw: number | null
  readonly priority: number | null
  readonly is_physical: boolean
}

/** What a meter of a unit measures. */
export type MeasuredBetween = 'phase_neutral' | 'phase_phase'

export interface Unit {
  readonly unit_id: string
  readonly site_id: string | null
  readonly feeder_id: string | null
  readonly tariff_class: string | null
  readonly phases: string
  /** Between the terminals that its meter measures, as the contracted one, V. */
  readonly nominal_voltage_v: number
  /** Null: none, as below 2.3 kV. */
  readonly contracted_voltage_v: number | null
  readonly measured_between: MeasuredBetween
}

/** A meter at a unit, from an instant on and before another, UTC milliseconds; infinite where there is no bound. */
export interface Assignment {
  readonly unit_id: string
  readonly device_id: string
  readonly valid_from: number
  readonly valid_to: number
}

/** What the registry knows of everything that an import names. */
export interface Known {
  readonly feeders: ReadonlyMap<string, Feeder>
  readonly sites: ReadonlyMap<string, Site>
  readonly devices: ReadonlyMap<string, Device>
  readonly units: ReadonlyMap<string, Unit>
  readonly assignments: readonly Assignment[]
}

/** Identifiers that an import names. */
export interface Named {
  readonly sites: ReadonlySet<string>
  readonly devices: ReadonlySet<string>
  readonly units: ReadonlySet<string>
}
