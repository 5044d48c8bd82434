import type { PoolClient } from 'pg'
import type { Database } from '../../platform/storage/database.ts'
import type { Span } from '../../platform/storage/span.ts'
import type { InvalidReason, InvalidEvidence, PerPhase } from './domain/windows.ts'
import type { VoltageBand } from './domain/bands.ts'

/** A meter at a place where voltage is judged, for a time: instants are UTC milliseconds. */
export interface MeasuringPoint {
  readonly deviceKey: number
  readonly from: number
  readonly until: number
  readonly unitId: string | null
  /** Contracted voltage above 2.3 kV where there is one, else nominal, V. */
  readonly referenceV: number
  /** Phases that the unit has, as `ABC`; null: those that the meter reports. */
  readonly phases: string | null
}

/** The first `most` meters after `after` with what they measure from `from` until `until`: units with their voltages, else the device's own. */
export async function measuringPoints(
  client: PoolClient,
  from: number,
  until: number,
  after: number,
  most: number,
): Promise<MeasuringPoint[]> {
  const { rows } = await client.query<MeasuringPoint>(
    `select d.device_key as "deviceKey", unit_id as "unitId", phases,
       case when contracted_voltage_v > 2300 then contracted_voltage_v else coalesce(u.nominal_voltage_v, d.nominal_voltage_v) end
         as "referenceV",
       greatest(coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity'), $1::float8) as "from",
       least(coalesce(extract(epoch from upper(validity))::float8 * 1000, 'infinity'), $2::float8) as until
     from (select * from device where kind = 'meter' and device_key > $3 order by device_key limit $4) d
     left join meter_assignment a on a.device_key = d.device_key
       and validity && tstzrange(to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000))
     left join consumer_unit u using (unit_id)
     order by d.device_key, lower(validity)`,
    [from, until, after, most],
  )
  return rows
}

/** Device, end of the interval (UTC ms), its length in seconds, and the voltages of the phases. */
export type SampleRow = [
  deviceKey: number,
  at: number,
  intervalS: number,
  va: number | null,
  vb: number | null,
  vc: number | null,
]

/** What meters reported for a time, by meter and instant; an interval that reaches into it counts. */
export async function samplesOf(
  client: PoolClient,
  deviceKeys: readonly number[],
  from: number,
  until: number,
): Promise<SampleRow[]> {
  const { rows } = await client.query<SampleRow>({
    text: `select device_key, extract(epoch from at)::float8 * 1000, interval_s, va_v, vb_v, vc_v
      from meter_reading
      where device_key = any ($1) and at > to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000) + interval '10 minutes'
        and quality not in ('invalid', 'server-time')
      order by device_key, at`,
    values: [deviceKeys, from, until],
    rowMode: 'array',
  })
  return rows
}

/** Windows that readings of some commits touch and that had been closed before: meter, first and last instant. */
export async function touchedBefore(
  client: PoolClient,
  span: Span,
  closedUntil: number,
): Promise<{ deviceKey: number; from: number; until: number }[]> {
  const { rows } = await client.query<{ deviceKey: number; from: number; until: number }>(
    `select device_key as "deviceKey",
       extract(epoch from min(at - interval_s * interval '1 second'))::float8 * 1000 as "from",
       extract(epoch from max(at))::float8 * 1000 as until
     from meter_reading
     where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
       and at - interval_s * interval '1 second' < to_timestamp($4::float8 / 1000)
     group by 1 order by 1`,
    [span.batchIds, span.firstAt, span.lastAt, closedUntil],
  )
  return rows
}

/** Up to where windows have been closed, and up to where somebody is closing them; UTC milliseconds. */
export interface Progress {
  readonly closedUntil: number
  readonly closingUntil: number
}

/** Takes the progress for this transaction: of several writers the others wait. */
export async function lockProgress(client: PoolClient, initial: number): Promise<Progress> {
  await client.query(
    `insert into voltage_progress (closed_until, closing_until)
     values (to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000)) on conflict do nothing`,
    [initial],
  )
  const { rows } = await client.query<Progress>(
    `select extract(epoch from closed_until)::float8 * 1000 as "closedUntil",
       extract(epoch from closing_until)::float8 * 1000 as "closingUntil"
     from voltage_progress for update`,
  )
  return rows[0]!
}

export async function moveProgress(client: PoolClient, { closedUntil, closingUntil }: Progress): Promise<void> {
  await client.query(
    'update voltage_progress set closed_until = to_timestamp($1::float8 / 1000), closing_until = to_timestamp($2::float8 / 1000)',
    [closedUntil, closingUntil],
  )
}

/** A window as it is stored. */
export interface StoredWindow {
  readonly deviceKey: number
  readonly start: number
  readonly volts: PerPhase<number>
  readonly coverage: number
  readonly bands: PerPhase<VoltageBand>
  readonly invalid?: { readonly reason: InvalidReason; readonly evidence: InvalidEvidence }
}

/** Writes windows. Those that stand there already, just so, are left alone. */
export async function writeWindows(client: PoolClient, windows: readonly StoredWindow[]): Promise<void> {
  const column = <T>(of: (window: StoredWindow) => T): T[] => windows.map(of)
  await client.query(
    `insert into voltage_window as w (device_key, at, changed, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence)
     select device_key, to_timestamp(at / 1000), (select nextval('voltage_change')), va_v, vb_v, vc_v, coverage,
       band_a, band_b, band_c, invalid_reason, evidence
     from unnest($1::integer[], $2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::real[],
       $7::voltage_band[], $8::voltage_band[], $9::voltage_band[], $10::invalid_window[], $11::jsonb[])
       as r (device_key, at, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence)
     on conflict (device_key, at) do update set changed = excluded.changed,
       va_v = excluded.va_v, vb_v = excluded.vb_v, vc_v = excluded.vc_v, coverage = excluded.coverage,
       band_a = excluded.band_a, band_b = excluded.band_b, band_c = excluded.band_c,
       invalid_reason = excluded.invalid_reason, evidence = excluded.evidence
     where (w.va_v, w.vb_v, w.vc_v, w.coverage, w.band_a, w.band_b, w.band_c, w.invalid_reason, w.evidence) is distinct from
       (excluded.va_v, excluded.vb_v, excluded.vc_v, excluded.coverage, excluded.band_a, excluded.band_b, excluded.band_c,
        excluded.invalid_reason, excluded.evidence)`,
    [
      column(({ deviceKey }) => deviceKey),
      column(({ start }) => start),
      column(({ volts }) => volts[0]),
      column(({ volts }) => volts[1]),
      column(({ volts }) => volts[2]),
      column(({ coverage }) => coverage),
      column(({ bands }) => bands[0]),
      column(({ bands }) => bands[1]),
      column(({ bands }) => bands[2]),
      column(({ invalid }) => invalid?.reason ?? null),
      column(({ invalid }) => (invalid ? JSON.stringify(invalid.evidence) : null)),
    ],
  )
}

/** The windows of a unit's meters, oldest first: each while the unit had it. Instants are UTC milliseconds. */
export async function windowsOfUnit(
  database: Database,
  unitId: string,
  from: number,
  until: number,
): Promise<StoredWindow[]> {
  const rows = await database.query<{
    deviceKey: number
    start: number
    volts: PerPhase<number>
    coverage: number
    bands: PerPhase<VoltageBand>
    reason: InvalidReason | null
    evidence: InvalidEvidence
  }>(
    `select w.device_key as "deviceKey", extract(epoch from at)::float8 * 1000 as start, array[va_v, vb_v, vc_v] as volts, coverage,
       array[band_a, band_b, band_c]::text[] as bands, invalid_reason as reason, evidence
     from meter_assignment a
     join voltage_window w on w.device_key = a.device_key and validity @> at
     where unit_id = $1 and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)
     order by at limit 10000`,
    [unitId, from, until],
  )
  return rows.map(({ reason, evidence, ...window }) => ({
    ...window,
    ...(reason && { invalid: { reason, evidence } }),
  }))
}
