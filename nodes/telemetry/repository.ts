import type { PoolClient } from 'pg'
import type { FieldEvent, Presence, Reading, ReadingKind } from '../../platform/wire/reading.ts'
import type { Reason, Rejected } from '../../platform/wire/reasons.ts'
import { rareColumn, seriesTables, withRareValues } from './series-tables.ts'

/** An item with the number under which its device stands in the tables. */
export interface Keyed<T> {
  deviceKey: number
  item: T
}

export const keyOf = (deviceKey: number, at: number | string): string => `${deviceKey}/${at}`

/** Whole UTC milliseconds, of a year that the calendar and the database know. */
export const isInstant = (at: unknown): at is number =>
  Number.isInteger(at) && (at as number) >= 0 && (at as number) <= 8.64e15

/** Stores readings of one kind. @returns how many of them were not there yet */
export async function insertReadings(
  client: PoolClient,
  kind: ReadingKind,
  batchId: number,
  rows: Keyed<Reading>[],
): Promise<number> {
  const { name, measures, words, insert, rare } = seriesTables[kind]
  const hasRare = rare && rows.some(({ item }) => hasAny(rare.measures, item.values) || hasAny(rare.words, item.labels))
  const parameters = [
    batchId,
    arrayOf(rows, ({ item }) => item.at),
    arrayOf(rows, ({ item }) => (item.quality === 'late' ? item.receivedAt : undefined)),
    arrayOf(rows, ({ deviceKey }) => deviceKey),
    arrayOf(rows, ({ item }) => item.quality),
    ...measures.map((one) => arrayOf(rows, ({ item }) => item.values[one])),
    ...words.map((word) => arrayOf(rows, ({ item }) => item.labels?.[word])),
    ...(hasRare ? [rows.map(({ item }) => rareColumn(rare, item))] : []),
  ]
  const statement = hasRare
    ? { name: `insert ${name} with rare values`, text: rare.insert }
    : { name: `insert ${name}`, text: insert }
  const { rowCount } = await client.query({ ...statement, values: parameters })
  return rowCount ?? 0
}

/** @returns the keys of the readings of one kind that stand under the number of a batch */
export async function keysUnder(client: PoolClient, kind: ReadingKind, batchId: number): Promise<Set<string>> {
  const { rows } = await client.query<{ deviceKey: number; at: number }>(seriesTables[kind].keys, [batchId])
  return new Set(rows.map(({ deviceKey, at }) => keyOf(deviceKey, Math.round(at))))
}

/** Reads back what stands under the keys of `rows`, measures and words by name. */
export async function storedReadings(
  client: PoolClient,
  kind: ReadingKind,
  rows: Keyed<Reading>[],
): Promise<Map<string, Record<string, unknown>>> {
  const { rows: found } = await client.query<Record<string, unknown> & { device_key: number; instant: number }>(
    seriesTables[kind].read,
    [arrayOf(rows, ({ deviceKey }) => deviceKey), arrayOf(rows, ({ item }) => item.at)],
  )
  return new Map(found.map((row) => [keyOf(row.device_key, row.instant), withRareValues(kind, row)]))
}

/** Stores events. @returns the keys (device, event id) of those that were not there yet */
export async function insertEvents(
  client: PoolClient,
  batchId: number,
  rows: Keyed<FieldEvent>[],
): Promise<Set<string>> {
  const { rows: stored } = await client.query<{ deviceKey: number; eventId: string }>(
    `insert into field_event (device_key, event_id, at, received_at, batch_id, type, quality, phases, cause, magnitude_pu, duration_s)
     select (e ->> 'deviceKey')::integer, e ->> 'eventId', to_timestamp((e ->> 'at')::float8 / 1000),
       to_timestamp((e ->> 'receivedAt')::float8 / 1000), $1, (e ->> 'type')::field_event_type,
       (e ->> 'quality')::reading_quality, e ->> 'phases', e ->> 'cause',
       (e ->> 'magnitudePu')::float8, (e ->> 'durationS')::float8
     from jsonb_array_elements($2) e
     on conflict do nothing
     returning device_key as "deviceKey", event_id as "eventId"`,
    [batchId, JSON.stringify(rows.map(({ deviceKey, item }) => ({ ...item, deviceKey })))],
  )
  return new Set(stored.map(({ deviceKey, eventId }) => keyOf(deviceKey, eventId)))
}

/** What tells an event from another one under its number. */
export type StoredEvent = Pick<FieldEvent, 'type' | 'at' | 'magnitudePu' | 'durationS'>

export async function storedEvents(client: PoolClient, rows: Keyed<FieldEvent>[]): Promise<Map<string, StoredEvent>> {
  const { rows: found } = await client.query<{
    deviceKey: number
    eventId: string
    type: FieldEvent['type']
    at: number
    magnitudePu: number | null
    durationS: number | null
  }>(
    `select device_key as "deviceKey", event_id as "eventId", type, extract(epoch from at)::float8 * 1000 as at,
       magnitude_pu as "magnitudePu", duration_s as "durationS"
     from field_event
     where (device_key, event_id) in (select * from unnest($1::integer[], $2::text[]))`,
    [rows.map(({ deviceKey }) => deviceKey), rows.map(({ item }) => item.eventId)],
  )
  return new Map(
    found.map(({ deviceKey, eventId, type, at, magnitudePu, durationS }) => [
      keyOf(deviceKey, eventId),
      {
        ...{ type, at: Math.round(at) },
        ...(magnitudePu !== null && { magnitudePu }),
        ...(durationS !== null && { durationS }),
      },
    ]),
  )
}

/**
 * Takes words about presence in the order in which they were received: the clocks of devices and of those who speak for them differ.
 * The same word again, such as the broker keeps for whoever subscribes, moves nothing.
 * @returns how many moved
 */
export async function upsertPresences(client: PoolClient, rows: Keyed<Presence>[]): Promise<number> {
  const { rowCount } = await client.query(
    `with said as (
       select (p ->> 'deviceKey')::integer as device_key, (p ->> 'online')::boolean as online,
         to_timestamp((p ->> 'at')::float8 / 1000) as at, to_timestamp((p ->> 'receivedAt')::float8 / 1000) as received_at,
         p ->> 'firmware' as firmware, (select array_agg(c) from jsonb_array_elements_text(p -> 'capabilities') c) as capabilities,
         coalesce((p ->> 'repeated')::boolean, false) as repeated
       from jsonb_array_elements($1) p
     )
     insert into device_presence (device_key, online, at, received_at, firmware, capabilities)
     select device_key, online, at, received_at, firmware, capabilities from said s
     where not (repeated and exists (select from device_presence p where p.device_key = s.device_key and p.online = s.online))
     on conflict (device_key) do update set online = excluded.online, at = excluded.at, received_at = excluded.received_at,
       firmware = coalesce(excluded.firmware, device_presence.firmware),
       capabilities = coalesce(excluded.capabilities, device_presence.capabilities)
     where excluded.received_at >= device_presence.received_at
       and (excluded.online, excluded.at) is distinct from (device_presence.online, device_presence.at)`,
    [JSON.stringify(lastWords(rows).map(({ deviceKey, item }) => ({ ...item, deviceKey })))],
  )
  return rowCount ?? 0
}

/** The last word of each device; what was said otherwise meanwhile is no repetition. */
function lastWords(rows: readonly Keyed<Presence>[]): Keyed<Presence>[] {
  const last = new Map<number, Keyed<Presence>>()
  for (const { deviceKey, item } of rows) {
    const before = last.get(deviceKey)?.item
    const isSame = before?.online === item.online
    if (before && (item.receivedAt < before.receivedAt || (isSame && item.repeated))) continue
    last.set(deviceKey, { deviceKey, item: before && !isSame ? { ...item, repeated: false } : item })
  }
  return [...last.values()]
}

/** Keeps rejected payloads as they came. */
export async function insertQuarantine(client: PoolClient, kept: Rejected[]): Promise<void> {
  await client.query(
    `insert into quarantine (received_at, reason, device_id, topic, detail, payload)
     select to_timestamp(received_at / 1000), reason, device_id, topic, detail, decode(payload, 'hex')
     from unnest($1::float8[], $2::quarantine_reason[], $3::text[], $4::text[], $5::text[], $6::text[])
       as q (received_at, reason, device_id, topic, detail, payload)`,
    [
      kept.map(({ receivedAt }) => receivedAt),
      kept.map(({ reason }) => reason),
      kept.map(({ deviceId }) => (deviceId === undefined ? null : storable(deviceId, 64))),
      kept.map(({ topic }) => storable(topic, 1_024)),
      kept.map(({ detail }) => storable(detail, 500)),
      kept.map(({ payload }) => Buffer.from(payload).toString('hex')),
    ],
  )
}

export interface QuarantineTally {
  reason: Reason
  /** '' for devices that nobody registered. */
  deviceId: string
  count: number
  kept: number
  firstAt: number
  lastAt: number
}

export async function addQuarantineCounts(client: PoolClient, tallies: QuarantineTally[]): Promise<void> {
  await client.query(
    `insert into quarantine_count (reason, device_id, count, kept, first_at, last_at)
     select reason, "deviceId", count, kept, to_timestamp("firstAt" / 1000), to_timestamp("lastAt" / 1000)
     from jsonb_to_recordset($1) as t (reason quarantine_reason, "deviceId" text, count bigint, kept bigint,
       "firstAt" float8, "lastAt" float8)
     order by reason, "deviceId"
     on conflict (reason, device_id) do update set
       count = quarantine_count.count + excluded.count, kept = quarantine_count.kept + excluded.kept,
       last_at = greatest(quarantine_count.last_at, excluded.last_at)`,
    [JSON.stringify(tallies)],
  )
}

/** Asked of every reading: several times faster by its own names than by those it might have. */
function hasAny(names: ReadonlySet<string>, values: Reading['values'] | Reading['labels']): boolean {
  if (names.size === 0) return false
  for (const name in values) if (names.has(name)) return true
  return false
}

/** An array literal: several times faster than letting the driver quote every element. Elements carry no quotes. */
function arrayOf<T>(rows: T[], element: (row: T) => number | string | undefined): string {
  let literal = '{'
  for (let i = 0; i < rows.length; i++) {
    if (i > 0) literal += ','
    literal += element(rows[i]!) ?? 'NULL'
  }
  return `${literal}}`
}

/** PostgreSQL stores every character but NUL. */
function storable(text: string, length: number): string {
  return text.slice(0, length).replaceAll('\0', '\ufffd')
}
