import type { Database } from '../../platform/storage/database.ts'
import type { Quality, ReadingKind } from '../../platform/wire/reading.ts'
import { seriesTables, withRareValues } from './series-tables.ts'

/** A device as its readings are found. */
export interface ReadingDevice {
  readonly deviceKey: number
  readonly kind: ReadingKind | null
  readonly derType: string | null
  readonly ratedKw: number | null
  /** The consumer units that it measures or measured, a few of them: their consumption is personal. */
  readonly unitIds: readonly string[]
}

/** @returns undefined where there is no such device */
export async function findReadingDevice(database: Database, deviceId: string): Promise<ReadingDevice | undefined> {
  const [row] = await database.query<ReadingDevice>(
    `select device_key as "deviceKey", kind, der_type as "derType", rated_kw as "ratedKw",
       array(select distinct unit_id from meter_assignment m where m.device_key = d.device_key limit 10) as "unitIds"
     from device d where device_id = $1`,
    [deviceId],
  )
  return row
}

/** A stored reading: its measures and words under their own names, null where it had none. UTC milliseconds. */
export interface StoredReading extends Readonly<Record<string, unknown>> {
  readonly at: number
  /** Null where it came in time and its commit is no longer in the log. */
  readonly receivedAt: number | null
  readonly quality: Quality
}

const statementOf = (kind: ReadingKind): string => {
  const { name, measures, words, rare } = seriesTables[kind]
  return `
    select round(extract(epoch from at) * 1000)::float8 as at,
      round(extract(epoch from coalesce(r.received_at, b.committed_at)) * 1000)::float8 as "receivedAt", quality,
      ${[...measures, ...words, ...(rare ? [rare.column] : [])].map((column) => `r.${column}`).join(', ')}
    from (
      select * from ${name}
      where device_key = $1 and at >= $2 and at <= $3
      order by at desc limit $4
    ) r left join batch_log b using (batch_id)
    order by at desc`
}
const statements: Readonly<Record<ReadingKind, string>> = {
  der: statementOf('der'),
  panel: statementOf('panel'),
  meter: statementOf('meter'),
  switch: statementOf('switch'),
}

/**
 * Readings of a device as they were stored, newest first.
 * @param from  UTC milliseconds, as `to`; both included
 */
export async function readReadings(
  database: Database,
  deviceKey: number,
  kind: ReadingKind,
  { from, to, limit }: { from: number; to: number; limit: number },
): Promise<StoredReading[]> {
  const bound = (instant: number): string =>
    instant === -Infinity ? '-infinity' : instant === Infinity ? 'infinity' : new Date(instant).toISOString()
  const rows = await database.query<StoredReading>(statements[kind], [deviceKey, bound(from), bound(to), limit])
  return rows.map((row) => withRareValues(kind, row))
}
