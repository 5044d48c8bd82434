import type { Queries } from '../storage/queries.ts'
import type { RegistryRecord, RecordKind } from './record-kinds.ts'

export interface RecordFilter {
  readonly feederId?: string | undefined
  readonly status?: string | undefined
}

const sources: Readonly<
  Record<RecordKind['table'], { readonly from: string; readonly id: string; readonly columns: string }>
> = {
  feeders: {
    from: 'feeder',
    id: 'feeder_id',
    columns: `feeder_id as "feederId", parent_feeder_id as "parentFeederId", name, limit_kw as "limitKw",
      head_meter_id as "headMeterId", nominal_voltage_v as "nominalVoltageV"`,
  },
  sites: {
    from: 'site',
    id: 'site_id',
    columns: `site_id as "siteId", feeder_id as "feederId", name, latitude, longitude, inverter_limit_kw as "inverterLimitKw",
      tariff_brl_kwh as "tariffBrlKwh", cleaning_cost_brl as "cleaningCostBrl"`,
  },
  devices: {
    from: 'device',
    id: 'device_id',
    columns: `device_id as "deviceId", kind, der_type as "derType", status, site_id as "siteId", feeder_id as "feederId",
      location, nominal_voltage_v as "nominalVoltageV", rated_kw as "ratedKw", priority, is_physical as "isPhysical", phases,
      least_kw as "leastKw", fallback_kw as "fallbackKw", contracted_kw as "contractedKw", capacity_kwh as "capacityKwh",
      ramp_kw_per_minute as "rampKwPerMinute", min_on_s as "minOnS", min_off_s as "minOffS",
      tilt_deg as "tiltDeg", azimuth_deg as "azimuthDeg", gamma_per_c as "gammaPerC", noct_c as "noctC", rated_v as "ratedV",
      to_char(installed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "installedAt"`,
  },
  units: {
    from: 'consumer_unit',
    id: 'unit_id',
    columns: `unit_id as "unitId", site_id as "siteId", feeder_id as "feederId", tariff_class as "tariffClass", phases,
      nominal_voltage_v as "nominalVoltageV", contracted_voltage_v as "contractedVoltageV", measured_between as "measuredBetween",
      conjunto_id as "conjuntoId", area, municipality_code as "municipalityCode"`,
  },
  conjuntos: {
    from: 'conjunto',
    id: 'conjunto_id',
    columns: 'conjunto_id as "conjuntoId", name, time_zone as "timeZone"',
  },
}

const statementsOf = (table: RecordKind['table']) => {
  const { from, id, columns } = sources[table]
  const feeder = { feeders: 'parent_feeder_id', conjuntos: 'null' }[table as string] ?? 'feeder_id'
  const status = table === 'devices' ? 'status::text' : 'null'
  return {
    find: `select ${columns} from ${from} where ${id} = $1`,
    list: `select ${columns} from ${from}
      where ${id} > $1 and ($3::text is null or ${feeder} = $3) and ($4::text is null or ${status} = $4)
      order by ${id} limit $2`,
    remove: `delete from ${from} where ${id} = $1`,
  }
}
const statements = {
  feeders: statementsOf('feeders'),
  sites: statementsOf('sites'),
  devices: statementsOf('devices'),
  units: statementsOf('units'),
  conjuntos: statementsOf('conjuntos'),
}

/** @returns undefined where there is none */
export async function findRecord(
  queries: Queries,
  table: RecordKind['table'],
  id: string,
): Promise<RegistryRecord | undefined> {
  const [record] = await queries.query<RegistryRecord>(statements[table].find, [id])
  return record
}

/** Records in the order of their identifiers, `limit` at most, those behind `after`. @param filter.feederId  of feeders their parent */
export function listRecords(
  queries: Queries,
  table: RecordKind['table'],
  filter: RecordFilter,
  page: { after: string | undefined; limit: number },
): Promise<RegistryRecord[]> {
  const { feederId, status } = filter
  return queries.query(statements[table].list, [page.after ?? '', page.limit, feederId ?? null, status ?? null])
}

/** @throws DatabaseError 23503 where something refers to it */
export async function removeRecord(queries: Queries, table: RecordKind['table'], id: string): Promise<void> {
  await queries.query(statements[table].remove, [id])
}

/** The tables that name a record, of whichever area: then it is in use. */
export async function tablesNaming(queries: Queries, table: RecordKind['table'], id: string): Promise<string[]> {
  const { from, id: column } = sources[table]
  const rows =
    table === 'devices'
      ? await queries.query<{ name: string }>(
          `select name from device, tables_naming('device', 'device_key', device_key::text) name where device_id = $1
           union all select 'feeder' where exists (select from feeder where head_meter_id = $1)`,
          [id],
        )
      : await queries.query<{ name: string }>('select name from tables_naming($1, $2, $3) name', [from, column, id])
  return rows.map(({ name }) => name)
}

/** A meter at a unit. Null: without bound. */
export interface AssignmentRecord {
  readonly unitId: string
  readonly deviceId: string
  readonly validFrom: Date | null
  readonly validTo: Date | null
}

const assignmentColumns = `unit_id as "unitId", device_id as "deviceId",
  case when lower(validity) > '-infinity' then lower(validity) end as "validFrom",
  case when upper(validity) < 'infinity' then upper(validity) end as "validTo"`
const began = `coalesce(lower(validity), '-infinity')`

/** Assignments by unit, and of one unit in the order of time; `after` the last one seen. */
export function listAssignments(
  queries: Queries,
  filter: { readonly unitId?: string | undefined; readonly deviceId?: string | undefined },
  page: { after: { unitId: string; validFrom: string } | undefined; limit: number },
): Promise<AssignmentRecord[]> {
  return queries.query<AssignmentRecord>(
    `select ${assignmentColumns} from meter_assignment join device using (device_key)
     where ($1::text is null or (unit_id, ${began}) > ($1, $2::timestamptz))
       and ($3::text is null or unit_id = $3) and ($4::text is null or device_id = $4)
     order by unit_id, ${began} limit $5`,
    [
      ...[page.after?.unitId ?? null, page.after?.validFrom ?? null],
      ...[filter.unitId ?? null, filter.deviceId ?? null, page.limit],
    ],
  )
}

/** @param validFrom  null: without beginning @returns undefined where there is none */
export async function findAssignment(
  queries: Queries,
  unitId: string,
  deviceId: string,
  validFrom: string | null,
): Promise<AssignmentRecord | undefined> {
  const [row] = await queries.query<AssignmentRecord>(
    `select ${assignmentColumns} from meter_assignment join device using (device_key)
     where unit_id = $1 and device_id = $2 and ${began} = coalesce($3::timestamptz, '-infinity')`,
    [unitId, deviceId, validFrom],
  )
  return row
}
