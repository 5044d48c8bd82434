import type { Database } from '../../platform/storage/database.ts'
import type { instrumentMeasures } from '../../platform/wire/payloads.ts'
import type { Quality } from '../../platform/wire/reading.ts'
import { referenceVoltage } from '../../platform/network/reference-voltage.ts'

/** A consumer unit as its supply is judged. */
export interface JudgedUnit {
  /** Contracted voltage above 2.3 kV where there is one, else nominal, V. */
  readonly referenceV: number
  /** Three voltages between phases are measured: they tell unbalance. */
  readonly betweenPhases: boolean
}

/** @returns undefined where there is no such unit */
export async function findJudgedUnit(database: Database, unitId: string): Promise<JudgedUnit | undefined> {
  const [unit] = await database.query<JudgedUnit>(
    `select ${referenceVoltage} as "referenceV",
       measured_between = 'phase_phase' and phases = 'ABC' as "betweenPhases"
     from consumer_unit u where unit_id = $1`,
    [unitId],
  )
  return unit
}

/** A meter of a unit, and when it was within the time asked for; UTC milliseconds. */
export interface MeterOfUnit {
  readonly deviceKey: number
  readonly from: number
  readonly until: number
}

/** The meters that a unit had, oldest first. */
export const metersOfUnit = (database: Database, unitId: string, from: number, until: number): Promise<MeterOfUnit[]> =>
  database.query(
    `select device_key as "deviceKey",
       greatest(coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity'), $2::float8) as "from",
       least(coalesce(extract(epoch from upper(validity))::float8 * 1000, 'infinity'), $3::float8) as until
     from meter_assignment
     where unit_id = $1 and validity && tstzrange(to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))
     order by lower(validity) nulls first limit 1000`,
    [unitId, from, until],
  )

/** Instrument's values by the names of the field contract. */
export type InstrumentValues = Readonly<Partial<Record<(typeof instrumentMeasures)[number], number>>>

/** End of the interval (UTC ms), its length in seconds, voltages of the phases, kW, kvar, Hz, and what an instrument adds. */
export type QualityRow = [
  at: number,
  intervalS: number,
  va: number | null,
  vb: number | null,
  vc: number | null,
  kw: number | null,
  kvar: number | null,
  hz: number | null,
  instrument: InstrumentValues | null,
]

/** What a meter reported for a time, oldest first; an interval that reaches into it counts. Without what covers nothing. */
export async function qualityRows(
  database: Database,
  deviceKey: number,
  from: number,
  until: number,
  without: readonly Quality[],
): Promise<QualityRow[]> {
  const { rows } = await database.transaction((client) =>
    client.query<QualityRow>({
      text: `select round(extract(epoch from at) * 1000)::float8, interval_s, va_v, vb_v, vc_v, p_kw, q_kvar, frequency_hz, power_quality
        from meter_reading
        where device_key = $1 and at > to_timestamp($2::float8 / 1000)
          and at < to_timestamp($3::float8 / 1000) + interval '10 minutes' and not quality = any ($4::reading_quality[])
        order by at`,
      values: [deviceKey, from, until, without],
      rowMode: 'array',
    }),
  )
  return rows
}

/** A voltage variation of short duration, as a device told it. UTC milliseconds. */
export interface VtcdEvent {
  readonly deviceKey: number
  readonly deviceId: string
  readonly eventId: string
  /** Its end. */
  readonly at: number
  /** That its device measured then. */
  readonly unitId: string | null
  readonly feederId: string | null
  readonly phases: string | null
  readonly magnitudePu: number | null
  readonly durationS: number | null
  readonly cause: string | null
  readonly quality: Quality
}

export interface VtcdFilter {
  /** Of the end, both included, UTC milliseconds. */
  readonly from: number
  readonly to: number
  readonly unitId?: string | undefined
  readonly feederId?: string | undefined
}

/** Key of an event in the order of the list. */
export type VtcdKey = Pick<VtcdEvent, 'at' | 'deviceKey' | 'eventId'>

/** The newest first, `limit` at most, those after `after`. */
export const vtcdEvents = (
  database: Database,
  { from, to, unitId, feederId }: VtcdFilter,
  { after, limit }: { after: VtcdKey | undefined; limit: number },
): Promise<VtcdEvent[]> =>
  database.query(
    `select e.device_key as "deviceKey", device_id as "deviceId", event_id as "eventId",
       round(extract(epoch from e.at) * 1000)::float8 as at, a.unit_id as "unitId",
       coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId", e.phases,
       magnitude_pu as "magnitudePu", duration_s as "durationS", cause, quality
     from field_event e
     join device d using (device_key)
     left join meter_assignment a on a.device_key = e.device_key and validity @> e.at
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     where type = 'vtcd' and e.at between to_timestamp($1::float8 / 1000) and to_timestamp($2::float8 / 1000)
       and ($3::text is null or a.unit_id = $3 and e.device_key in (select device_key from meter_assignment where unit_id = $3))
       and ($4::text is null or coalesce(d.feeder_id, u.feeder_id, s.feeder_id) = $4)
       and ($5::float8 is null or (e.at, e.device_key, event_id) < (to_timestamp($5 / 1000), $6::integer, $7::text))
     order by e.at desc, e.device_key desc, event_id desc limit $8`,
    [
      from,
      to,
      unitId ?? null,
      feederId ?? null,
      after?.at ?? null,
      after?.deviceKey ?? null,
      after?.eventId ?? null,
      limit,
    ],
  )
