import type { ReadingKind } from '../../wire/reading.ts'
import type { RegistrationStatus } from '../registration.ts'

/** Rows of the network, by the names of the database and of the files. */
export interface Feeder {
  readonly feeder_id: string
  readonly parent_feeder_id: string | null
  readonly name: string | null
  readonly limit_kw: number | null
  /** The meter at its head. */
  readonly head_meter_id: string | null
  /** Between phase and neutral. */
  readonly nominal_voltage_v: number | null
}

export interface Site {
  readonly site_id: string
  readonly feeder_id: string | null
  readonly name: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  /** What its inverter lets through of all its panels together. */
  readonly inverter_limit_kw: number | null
  /** What a kWh of its panels is worth, and what cleaning them all once costs, R$. */
  readonly tariff_brl_kwh: number | null
  readonly cleaning_cost_brl: number | null
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
  /** What steering has to know of a DER; null: the default of its kind holds. */
  readonly phases: string | null
  readonly least_kw: number | null
  /** At its terminals, consumption positive. */
  readonly fallback_kw: number | null
  readonly contracted_kw: number | null
  readonly capacity_kwh: number | null
  readonly ramp_kw_per_minute: number | null
  readonly min_on_s: number | null
  readonly min_off_s: number | null
  /** What has to be known of a solar panel to say what it should generate; null: the default holds. */
  readonly tilt_deg: number | null
  /** Clockwise from north. */
  readonly azimuth_deg: number | null
  readonly gamma_per_c: number | null
  readonly noct_c: number | null
  readonly rated_v: number | null
  /** ISO 8601, UTC. */
  readonly installed_at: string | null
}

/** The columns of a device that only a DER has, and that concern its steering. */
export const steeringColumns = [
  'phases',
  'least_kw',
  'fallback_kw',
  'contracted_kw',
  'capacity_kwh',
  'ramp_kw_per_minute',
  'min_on_s',
  'min_off_s',
] as const satisfies readonly (keyof Device)[]

/** The columns of a device that only a solar panel has. */
export const panelColumns = [
  'tilt_deg',
  'azimuth_deg',
  'gamma_per_c',
  'noct_c',
  'rated_v',
  'installed_at',
] as const satisfies readonly (keyof Device)[]

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
  readonly conjunto_id: string | null
  readonly area: Area | null
  /** Of the IBGE, seven digits. */
  readonly municipality_code: number | null
}

/** By which the regulator's limits differ. */
export type Area = 'urban' | 'non_urban'

/** A set of units for which the regulator sets limits (conjunto de unidades consumidoras). */
export interface Conjunto {
  readonly conjunto_id: string
  readonly name: string
  /** IANA; null: that of the installation. */
  readonly time_zone: string | null
}

/** From an instant on and before another, UTC milliseconds; infinite where there is no bound. */
export interface Period {
  readonly valid_from: number
  readonly valid_to: number
}

/** A meter at a unit. */
export interface Assignment extends Period {
  readonly unit_id: string
  readonly device_id: string
}

export interface SourcePeriod extends Period {
  readonly source_id: string
  readonly section_id: string
  readonly feeder_id: string | null
  readonly substation_id: string | null
  readonly phases: string
  readonly recloses: boolean
}

export interface SwitchPeriod extends Period {
  readonly switch_id: string
  readonly section_a: string
  readonly section_b: string
  readonly normally_closed: boolean
  readonly load_break: boolean
  readonly phases: string
  readonly recloses: boolean
}

export interface EarthingPeriod extends Period {
  readonly earth_switch_id: string
  readonly section_id: string
}

export interface TransformerPeriod extends Period {
  readonly transformer_id: string
  readonly section_id: string
  readonly phases: string
}

/** What a unit hangs on: a transformer or a section, one of them. */
export interface SupplyPeriod extends Period {
  readonly unit_id: string
  readonly transformer_id: string | null
  readonly section_id: string | null
}

export type PriorityService = 'safety' | 'life_support' | 'essential'

/** Why a unit is restored before others; null: it is not. */
export interface UnitService {
  readonly unit_id: string
  readonly service: PriorityService | null
}

/** What the registry knows of everything that an import names. */
export interface Known {
  readonly feeders: ReadonlyMap<string, Feeder>
  readonly sites: ReadonlyMap<string, Site>
  readonly conjuntos: ReadonlyMap<string, Conjunto>
  readonly devices: ReadonlyMap<string, Device>
  readonly units: ReadonlyMap<string, Unit>
  readonly assignments: readonly Assignment[]
  readonly sources: readonly SourcePeriod[]
  readonly switches: readonly SwitchPeriod[]
  readonly earthings: readonly EarthingPeriod[]
  readonly transformers: readonly TransformerPeriod[]
  readonly supplies: readonly SupplyPeriod[]
  readonly services: ReadonlyMap<string, UnitService>
}

/** A registry that knows nothing yet. */
export const nothingKnown: Known = {
  ...{ feeders: new Map(), sites: new Map(), conjuntos: new Map(), devices: new Map(), units: new Map() },
  ...{ assignments: [], sources: [], switches: [], earthings: [], transformers: [], supplies: [], services: new Map() },
}

/** Identifiers that an import names. */
export interface Named {
  readonly sites: ReadonlySet<string>
  readonly devices: ReadonlySet<string>
  readonly units: ReadonlySet<string>
  readonly sources: ReadonlySet<string>
  readonly switches: ReadonlySet<string>
  readonly earthings: ReadonlySet<string>
  readonly transformers: ReadonlySet<string>
}
