import type { PoolClient } from 'pg'
import {
  panelColumns,
  steeringColumns,
  type Assignment,
  type Conjunto,
  type Device,
  type Feeder,
  type Known,
  type Named,
  type Site,
  type Unit,
  type UnitService,
} from './network.ts'
import { boundsOf, readElements } from './element-repository.ts'

/** Of several imports one goes on, the others wait for it. Held to the end of the transaction. */
export async function lockImports(client: PoolClient): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('registry_import', 0))`)
}

/** What the registry knows of what is named, and all feeders. Devices are held: nobody approves them meanwhile. */
export async function readKnown(client: PoolClient, named: Named): Promise<Known> {
  const feeders = await client.query<Feeder>(
    'select feeder_id, parent_feeder_id, name, limit_kw, head_meter_id, nominal_voltage_v from feeder',
  )
  const sites = await client.query<Site>(
    `select site_id, feeder_id, name, latitude, longitude, inverter_limit_kw, tariff_brl_kwh, cleaning_cost_brl
     from site where site_id = any ($1)`,
    [[...named.sites]],
  )
  const conjuntos = await client.query<Conjunto>('select conjunto_id, name, time_zone from conjunto')
  const devices = await client.query<Device>(
    `select device_id, kind, der_type, status, site_id, feeder_id, location, nominal_voltage_v, rated_kw, priority,
       is_physical, ${steeringColumns.join(', ')}, tilt_deg, azimuth_deg, gamma_per_c, noct_c, rated_v,
       to_char(installed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as installed_at
     from device where device_id = any ($1) order by device_key for no key update`,
    [[...named.devices]],
  )
  const units = await client.query<Unit>(
    `select unit_id, site_id, feeder_id, tariff_class, phases, nominal_voltage_v,
       contracted_voltage_v, measured_between, conjunto_id, area, municipality_code
     from consumer_unit where unit_id = any ($1)`,
    [[...named.units]],
  )
  const assignments = await client.query<Assignment>(
    `select unit_id, device_id, coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity') as valid_from,
       coalesce(extract(epoch from upper(validity))::float8 * 1000, 'infinity') as valid_to
     from meter_assignment join device using (device_key)
     where unit_id = any ($1) or device_id = any ($2)`,
    [[...named.units], [...named.devices]],
  )
  const services = await client.query<UnitService>(
    'select unit_id, service from unit_service where unit_id = any ($1)',
    [[...named.units]],
  )
  return {
    feeders: new Map(feeders.rows.map((row) => [row.feeder_id, row])),
    sites: new Map(sites.rows.map((row) => [row.site_id, row])),
    conjuntos: new Map(conjuntos.rows.map((row) => [row.conjunto_id, row])),
    devices: new Map(devices.rows.map((row) => [row.device_id, row])),
    units: new Map(units.rows.map((row) => [row.unit_id, row])),
    assignments: assignments.rows,
    ...(await readElements(client, named)),
    services: new Map(services.rows.map((row) => [row.unit_id, row])),
  }
}

/** In one statement, since a feeder may come before its parent. */
export async function writeFeeders(client: PoolClient, feeders: readonly Feeder[]): Promise<void> {
  await client.query(
    `insert into feeder (feeder_id, parent_feeder_id, name, limit_kw, head_meter_id, nominal_voltage_v)
     select feeder_id, parent_feeder_id, name, limit_kw, head_meter_id, nominal_voltage_v
     from jsonb_to_recordset($1::jsonb) as given (feeder_id text, parent_feeder_id text, name text, limit_kw float8,
       head_meter_id text, nominal_voltage_v float8)
     on conflict (feeder_id) do update set
       parent_feeder_id = excluded.parent_feeder_id, name = excluded.name, limit_kw = excluded.limit_kw,
       head_meter_id = excluded.head_meter_id, nominal_voltage_v = excluded.nominal_voltage_v`,
    [JSON.stringify(feeders)],
  )
}

export async function writeSites(client: PoolClient, sites: readonly Site[]): Promise<void> {
  await client.query(
    `insert into site (site_id, feeder_id, name, latitude, longitude, inverter_limit_kw, tariff_brl_kwh, cleaning_cost_brl)
     select site_id, feeder_id, name, latitude, longitude, inverter_limit_kw, tariff_brl_kwh, cleaning_cost_brl
     from jsonb_to_recordset($1::jsonb) as given (site_id text, feeder_id text, name text, latitude float8, longitude float8,
       inverter_limit_kw float8, tariff_brl_kwh float8, cleaning_cost_brl float8)
     on conflict (site_id) do update set
       feeder_id = excluded.feeder_id, name = excluded.name, latitude = excluded.latitude, longitude = excluded.longitude,
       inverter_limit_kw = excluded.inverter_limit_kw, tariff_brl_kwh = excluded.tariff_brl_kwh,
       cleaning_cost_brl = excluded.cleaning_cost_brl`,
    [JSON.stringify(sites)],
  )
}

export async function writeConjuntos(client: PoolClient, conjuntos: readonly Conjunto[]): Promise<void> {
  await client.query(
    `insert into conjunto (conjunto_id, name, time_zone)
     select conjunto_id, name, time_zone
     from jsonb_to_recordset($1::jsonb) as given (conjunto_id text, name text, time_zone text)
     on conflict (conjunto_id) do update set name = excluded.name, time_zone = excluded.time_zone`,
    [JSON.stringify(conjuntos)],
  )
}

/** Enters which units are restored before others, and strikes out those that no longer are. */
export async function writeServices(client: PoolClient, services: readonly UnitService[]): Promise<void> {
  const given = 'jsonb_to_recordset($1::jsonb) as given (unit_id text, service priority_service)'
  await client.query(
    `delete from unit_service u using ${given} where u.unit_id = given.unit_id and given.service is null`,
    [JSON.stringify(services)],
  )
  await client.query(
    `insert into unit_service (unit_id, service) select unit_id, service from ${given} where service is not null
     on conflict (unit_id) do update set service = excluded.service`,
    [JSON.stringify(services)],
  )
}

/** What devices of one kind have alone. */
const kindColumns = [...steeringColumns, ...panelColumns]

/** @param now  when those that are new were first heard of, UTC milliseconds */
export async function writeDevices(client: PoolClient, devices: readonly Device[], now: number): Promise<void> {
  await client.query(
    `insert into device (device_id, kind, der_type, status, site_id, feeder_id, location, nominal_voltage_v, rated_kw,
       priority, is_physical, ${kindColumns.join(', ')}, first_seen_at)
     select device_id, kind, der_type, status, site_id, feeder_id, location, nominal_voltage_v, rated_kw, priority,
       is_physical, ${kindColumns.join(', ')}, to_timestamp($2::float8 / 1000)
     from jsonb_to_recordset($1::jsonb) as given (device_id text, kind reading_kind, der_type text,
       status registration_status, site_id text, feeder_id text, location text, nominal_voltage_v float8,
       rated_kw float8, priority smallint, is_physical boolean, phases text, least_kw float8, fallback_kw float8,
       contracted_kw float8, capacity_kwh float8, ramp_kw_per_minute float8, min_on_s integer, min_off_s integer,
       tilt_deg float8, azimuth_deg float8, gamma_per_c float8, noct_c float8, rated_v float8, installed_at timestamptz)
     on conflict (device_id) do update set
       kind = excluded.kind, der_type = excluded.der_type, status = excluded.status, site_id = excluded.site_id,
       feeder_id = excluded.feeder_id, location = excluded.location,
       nominal_voltage_v = excluded.nominal_voltage_v, rated_kw = excluded.rated_kw, priority = excluded.priority,
       is_physical = excluded.is_physical, ${kindColumns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [JSON.stringify(devices), now],
  )
}

export async function writeUnits(client: PoolClient, units: readonly Unit[]): Promise<void> {
  await client.query(
    `insert into consumer_unit (unit_id, site_id, feeder_id, tariff_class, phases, nominal_voltage_v, contracted_voltage_v,
       measured_between, conjunto_id, area, municipality_code)
     select unit_id, site_id, feeder_id, tariff_class, phases, nominal_voltage_v, contracted_voltage_v, measured_between,
       conjunto_id, area, municipality_code
     from jsonb_to_recordset($1::jsonb) as given (unit_id text, site_id text, feeder_id text, tariff_class text,
       phases text, nominal_voltage_v float8, contracted_voltage_v float8, measured_between text,
       conjunto_id text, area text, municipality_code integer)
     on conflict (unit_id) do update set
       site_id = excluded.site_id, feeder_id = excluded.feeder_id, tariff_class = excluded.tariff_class,
       phases = excluded.phases, nominal_voltage_v = excluded.nominal_voltage_v,
       contracted_voltage_v = excluded.contracted_voltage_v, measured_between = excluded.measured_between,
       conjunto_id = excluded.conjunto_id, area = excluded.area, municipality_code = excluded.municipality_code`,
    [JSON.stringify(units)],
  )
}

export async function removeAssignments(client: PoolClient, assignments: readonly Assignment[]): Promise<void> {
  await client.query(
    `delete from meter_assignment a
     using jsonb_to_recordset($1::jsonb) as given (unit_id text, device_id text, valid_from timestamptz), device d
     where d.device_id = given.device_id and a.device_key = d.device_key and a.unit_id = given.unit_id
       and lower(a.validity) is not distinct from given.valid_from`,
    [JSON.stringify(assignments.map(bounds))],
  )
}

export async function writeAssignments(client: PoolClient, assignments: readonly Assignment[]): Promise<void> {
  await client.query(
    `insert into meter_assignment (unit_id, device_key, validity)
     select unit_id, device_key, tstzrange(valid_from, valid_to)
     from jsonb_to_recordset($1::jsonb)
       as given (unit_id text, device_id text, valid_from timestamptz, valid_to timestamptz)
     join device using (device_id)`,
    [JSON.stringify(assignments.map(bounds))],
  )
}

const bounds = (assignment: Assignment) => ({ ...assignment, ...boundsOf(assignment) })
