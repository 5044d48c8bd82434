import type { PoolClient } from 'pg'
import type { Queries } from '../../platform/storage/queries.ts'
import { lockCursor, moveCursor } from '../../platform/storage/cursor.ts'
import type { VoltageWindow } from './domain/windows.ts'
import type { Measurement } from './measurement-repository.ts'
import { windowColumns, windowOfRow, type WindowRow } from './window-row.ts'

/** Up to where the windows of all meters have been closed, UTC milliseconds; undefined before the first round. */
export async function windowsClosedUntil(queries: Queries): Promise<number | undefined> {
  const [progress] = await queries.query<{ closedUntil: number }>(
    'select extract(epoch from closed_until)::float8 * 1000 as "closedUntil" from voltage_progress',
  )
  return progress?.closedUntil
}

const cursor = ['voltage_window', 'voltage-measurements'] as const

/**
 * Takes the measurements for this transaction: of several keepers the others wait.
 * @returns the change of windows up to which corrections have been followed
 */
export const lockMeasurements = (client: PoolClient): Promise<number> => lockCursor(client, ...cursor)

export const moveFollowed = (client: PoolClient, changed: number): Promise<void> =>
  moveCursor(client, ...cursor, changed)

/** Up to which change windows are to be followed next, some `most` of them; undefined where there are no newer ones. */
export async function nextChange(client: PoolClient, followed: number, most: number): Promise<number | undefined> {
  const { rows } = await client.query<{ changed: number | null }>(
    `select max(changed)::float8 as changed
     from (select changed from voltage_window where changed > $1 order by changed limit $2) next`,
    [followed, most],
  )
  return rows[0]?.changed ?? undefined
}

/** What joins a measurement `m` with the windows `w` that may count in it. */
const counting = `w.device_key = m.device_key and w.at >= m.starts_at
  and (m.portable or exists (
    select from meter_assignment a where a.device_key = m.device_key and a.unit_id = m.unit_id and a.validity @> w.at))
  -- A portable instrument measures where it was brought last.
  and not (m.portable and exists (
    select from voltage_measurement n
    where n.device_key = m.device_key and n.starts_at > m.starts_at and n.starts_at <= w.at
      and (n.status <> 'abandoned' or n.abandoned_at > n.starts_at)))`

/** The windows of a measurement's instrument, in their order. @param from  beginning of the first @param until  of the one after the last */
export async function instrumentWindows(
  client: PoolClient,
  { measurementId }: Pick<Measurement, 'measurementId'>,
  from: number,
  until: number,
): Promise<VoltageWindow[]> {
  const { rows } = await client.query<WindowRow>(
    `select ${windowColumns('w')} from voltage_measurement m join voltage_window w on ${counting}
     where m.measurement_id = $1 and w.at >= to_timestamp($2::float8 / 1000) and w.at < to_timestamp($3::float8 / 1000)
     order by w.at`,
    [measurementId, from, until],
  )
  return rows.map(windowOfRow)
}

/** Windows that were written since a change and had been taken up before, by measurement. */
export async function rewrittenWindows(
  client: PoolClient,
  after: number,
  upTo: number,
): Promise<Map<number, VoltageWindow[]>> {
  const { rows } = await client.query<WindowRow & { measurementId: number }>(
    `select m.measurement_id as "measurementId", ${windowColumns('w')}
     from voltage_window w join voltage_measurement m on ${counting}
     where w.changed > $1 and w.changed <= $2 and m.status in ('running', 'complete') and w.at < m.taken_until
     order by 1, w.at`,
    [after, upTo],
  )
  const windows = new Map<number, VoltageWindow[]>()
  for (const { measurementId, ...row } of rows)
    windows.set(measurementId, [...(windows.get(measurementId) ?? []), windowOfRow(row)])
  return windows
}

/** Writes the kept copies of windows, over those that were kept before. */
export async function keepWindows(
  client: PoolClient,
  measurementId: number,
  windows: readonly VoltageWindow[],
): Promise<void> {
  const column = <T>(of: (window: VoltageWindow) => T): T[] => windows.map(of)
  await client.query(
    `insert into measurement_window
       (measurement_id, at, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence)
     select $1, to_timestamp(at / 1000), va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence
     from unnest($2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::real[],
       $7::voltage_band[], $8::voltage_band[], $9::voltage_band[], $10::invalid_window[], $11::jsonb[])
       as r (at, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence)
     on conflict (measurement_id, at) do update set va_v = excluded.va_v, vb_v = excluded.vb_v, vc_v = excluded.vc_v,
       coverage = excluded.coverage, band_a = excluded.band_a, band_b = excluded.band_b, band_c = excluded.band_c,
       invalid_reason = excluded.invalid_reason, evidence = excluded.evidence`,
    [
      measurementId,
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

/** A window that came to be otherwise. */
export interface Correction {
  readonly before: VoltageWindow
  readonly after: VoltageWindow
}

/** Notes what became of windows that a version of a result rested on; what they were at first stays. @param at  UTC milliseconds */
export async function noteCorrections(
  client: PoolClient,
  measurementId: number,
  version: number,
  corrections: readonly Correction[],
  at: number,
): Promise<void> {
  await client.query(
    `insert into measurement_correction as c (measurement_id, version, at, corrected_at, before, after)
     select $1, $2, to_timestamp(at / 1000), to_timestamp($3::float8 / 1000), before, after
     from unnest($4::float8[], $5::jsonb[], $6::jsonb[]) as r (at, before, after)
     on conflict (measurement_id, version, at) do update set corrected_at = excluded.corrected_at, after = excluded.after`,
    [
      measurementId,
      version,
      at,
      corrections.map(({ before }) => before.start),
      corrections.map(({ before }) => JSON.stringify(before)),
      corrections.map(({ after }) => JSON.stringify(after)),
    ],
  )
}

/** How many windows came to be otherwise after they had counted in a result. */
export async function countCorrections(queries: Queries, measurementId: number): Promise<number> {
  const [row] = await queries.query<{ corrections: number }>(
    'select count(*)::integer as corrections from measurement_correction where measurement_id = $1',
    [measurementId],
  )
  return row!.corrections
}
