import type { Database } from '../../platform/storage/database.ts'
import type { VoltageBand } from './domain/bands.ts'
import type { PerPhase } from './domain/sample.ts'
import type { WindowBudget } from './domain/transgression.ts'
import type { Terminals } from './domain/measuring-point.ts'
import { referenceVoltage } from '../../platform/network/reference-voltage.ts'

/** The rolling seven days of a meter: how many valid windows, and how many of them in each band by phase. */
export interface VoltageWeek {
  /** End of the last window that counts, UTC milliseconds. */
  readonly until: number
  readonly valid: number
  readonly precarious: PerPhase<number>
  readonly critical: PerPhase<number>
}

/** A unit with the rolling week of the meter that it has. */
export interface UnitWeek extends VoltageWeek {
  readonly deviceKey: number
  readonly deviceId: string
  readonly unitId: string
  readonly feederId: string | null
  /** Contracted voltage above 2.3 kV where there is one, else nominal, V. */
  readonly referenceV: number
}

/** Which units are asked for; what is not given does not matter. */
export interface UnitFilter {
  readonly feederId?: string | undefined
  /** Worst band of the week. */
  readonly band?: VoltageBand | undefined
  readonly violating?: boolean | undefined
}

const weekColumns = `
  extract(epoch from w.until)::float8 * 1000 as until, w.valid::integer as valid,
  array[w.precarious_a, w.precarious_b, w.precarious_c]::integer[] as precarious,
  array[w.critical_a, w.critical_b, w.critical_c]::integer[] as critical`
const nlp = 'greatest(w.precarious_a, w.precarious_b, w.precarious_c)'
const nlc = 'greatest(w.critical_a, w.critical_b, w.critical_c)'
const feederOf = 'coalesce(d.feeder_id, u.feeder_id, s.feeder_id)'

/** Units with the meters that they have at $1 (UTC milliseconds), and the weeks of those. */
const unitsWithWeeks = `
  from voltage_week w
  join meter_assignment a on a.device_key = w.device_key and a.validity @> to_timestamp($1::float8 / 1000)
  join device d on d.device_key = w.device_key
  join consumer_unit u on u.unit_id = a.unit_id
  left join site s on s.site_id = coalesce(d.site_id, u.site_id)`
const selected = `
  select w.device_key as "deviceKey", d.device_id as "deviceId", u.unit_id as "unitId", ${feederOf} as "feederId",
    ${referenceVoltage} as "referenceV", ${weekColumns} ${unitsWithWeeks}`
const filtered = `
  ($2::text is null or ${feederOf} = $2)
  and ($3::voltage_band is null
    or case when ${nlc} > 0 then 'critical' when ${nlp} > 0 then 'precarious' else 'adequate' end::voltage_band = $3)
  and ($4::boolean is null or (${nlp} > $5 or ${nlc} > $6) = $4)`

/** The weeks of these meters, of those that have one. */
export const weeksOf = (
  database: Database,
  deviceKeys: readonly number[],
): Promise<(VoltageWeek & { deviceKey: number })[]> =>
  database.query(
    `select w.device_key as "deviceKey", ${weekColumns} from voltage_week w where w.device_key = any ($1)`,
    [deviceKeys],
  )

/** What units are ranked by: windows in the precarious or in the critical band, of the phase with most of them. */
export const ranks = ['drp', 'drc'] as const
export type Rank = (typeof ranks)[number]

/** Stands before every unit of a ranking. */
export const beforeAll = { count: 10_080, deviceKey: 0 }

const ranked = (count: string): string => `${selected}
  where ${filtered} and (-${count}, w.device_key) > (-$7::integer, $8::integer)
  order by -${count}, w.device_key limit $9`
const rankings: Readonly<Record<Rank, string>> = { drp: ranked(nlp), drc: ranked(nlc) }

/**
 * Units by their rolling weeks, those with most windows against them first, then by the order of their meters.
 * @param at     instant of which the meters are, UTC milliseconds
 * @param after  windows that count against the last unit seen, and its meter; `beforeAll` for the first page
 */
export const rankedUnits = (
  database: Database,
  rank: Rank,
  at: number,
  { feederId, band, violating }: UnitFilter,
  budget: WindowBudget,
  { after, limit }: { after: { count: number; deviceKey: number }; limit: number },
): Promise<UnitWeek[]> =>
  database.query<UnitWeek>(rankings[rank], [
    ...[at, feederId ?? null, band ?? null, violating ?? null, budget.precarious, budget.critical],
    ...[after.count, after.deviceKey, limit],
  ])

/** The units that meters measure at an instant (UTC milliseconds), with their weeks; those without either are left out. */
export const unitsOfMeters = (database: Database, at: number, deviceKeys: readonly number[]): Promise<UnitWeek[]> =>
  database.query<UnitWeek>(`${selected} where w.device_key = any ($2)`, [at, deviceKeys])

/** Meters that have a week, in the order of their numbers. */
export async function metersWithWeeks(database: Database, after: number, limit: number): Promise<number[]> {
  const rows = await database.query<{ deviceKey: number }>(
    'select device_key as "deviceKey" from voltage_week where device_key > $1 order by device_key limit $2',
    [after, limit],
  )
  return rows.map(({ deviceKey }) => deviceKey)
}

/** A feeder's units by their rolling weeks. */
export interface FeederWeeks {
  /** Null: units that stand on none. */
  readonly feederId: string | null
  /** Units that have a week, those of them that violate either limit, and each of them. */
  readonly units: number
  readonly violating: number
  readonly drpViolating: number
  readonly drcViolating: number
  /** The unit with most windows against it, and how many. */
  readonly worstDrpUnitId: string | null
  readonly worstDrcUnitId: string | null
  readonly nlp: number
  readonly nlc: number
}

/** Feeders whose units have weeks, by their identifiers; units on no feeder last. */
export const feederWeeks = (database: Database, at: number, budget: WindowBudget): Promise<FeederWeeks[]> =>
  database.query<FeederWeeks>(
    `select ${feederOf} as "feederId", count(*)::integer as units,
       count(*) filter (where ${nlp} > $2 or ${nlc} > $3)::integer as violating,
       count(*) filter (where ${nlp} > $2)::integer as "drpViolating",
       count(*) filter (where ${nlc} > $3)::integer as "drcViolating",
       max(${nlp})::integer as nlp, max(${nlc})::integer as nlc,
       (array_agg(u.unit_id order by ${nlp} desc, u.unit_id) filter (where ${nlp} > 0))[1] as "worstDrpUnitId",
       (array_agg(u.unit_id order by ${nlc} desc, u.unit_id) filter (where ${nlc} > 0))[1] as "worstDrcUnitId"
     ${unitsWithWeeks}
     group by 1 order by 1 nulls last`,
    [at, budget.precarious, budget.critical],
  )

/** What the registry says of a unit's voltage, with the week of the meter that it has. */
export interface UnitVoltage {
  readonly unitId: string
  readonly feederId: string | null
  readonly phases: string
  readonly nominalV: number
  readonly contractedV: number | null
  readonly measuredBetween: Terminals
  /** Contracted voltage above 2.3 kV where there is one, else nominal, V. */
  readonly referenceV: number
  readonly deviceKey: number | null
  readonly deviceId: string | null
  readonly week: VoltageWeek | null
}

/** @param at  instant of which the meter is, UTC milliseconds @returns undefined where there is no such unit */
export async function findUnit(database: Database, unitId: string, at: number): Promise<UnitVoltage | undefined> {
  const [row] = await database.query<Omit<UnitVoltage, 'week'> & { [K in keyof VoltageWeek]: VoltageWeek[K] | null }>(
    `select u.unit_id as "unitId", ${feederOf} as "feederId", u.phases, u.nominal_voltage_v as "nominalV",
       u.contracted_voltage_v as "contractedV", u.measured_between as "measuredBetween", ${referenceVoltage} as "referenceV",
       d.device_key as "deviceKey", d.device_id as "deviceId", ${weekColumns}
     from consumer_unit u
     left join meter_assignment a on a.unit_id = u.unit_id and a.validity @> to_timestamp($1::float8 / 1000)
     left join device d on d.device_key = a.device_key
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     left join voltage_week w on w.device_key = d.device_key
     where u.unit_id = $2`,
    [at, unitId],
  )
  if (!row) return undefined
  const { until, valid, precarious, critical, ...unit } = row
  const week = until === null ? null : { until, valid: valid!, precarious: precarious!, critical: critical! }
  return { ...unit, week }
}
