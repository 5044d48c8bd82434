import type { PoolClient } from 'pg'
import { phasesOf, textOf, type Phases } from '../../../platform/network/model/phases.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { PositionEvidence, SwitchPosition } from '../domain/switch-positions.ts'

type Client = Pick<PoolClient, 'query'>

/** A switch of which something new is known, from when on: UTC milliseconds. */
export interface TouchedSwitch {
  readonly switchId: string
  readonly from: number
}

/**
 * Switches of which commits brought events or readings, each from the first of them on. What has no time of its own, or calls
 * itself invalid, is no evidence; neither is a position between open and closed.
 */
export async function touchedSwitches(
  client: Client,
  batchIds: readonly number[],
  firstAt: number,
  lastAt: number,
): Promise<TouchedSwitch[]> {
  const { rows } = await client.query<TouchedSwitch>(
    `select device_id as "switchId", extract(epoch from min(told.at))::float8 * 1000 as "from"
     from (
       select device_key, at from field_event
       where batch_id = any ($1) and type in ('switch_opened', 'switch_closed') and quality not in ('server-time', 'invalid')
       union all
       select device_key, at from switch_reading
       where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
         and position <> 'intermediate' and quality not in ('server-time', 'invalid')
     ) told join device using (device_key)
     group by device_id order by device_id`,
    [batchIds, firstAt, lastAt],
  )
  return rows
}

/** What is known of switches: by switch, all that is told from an instant on, and how they stood before. */
export interface KnownSwitch extends TouchedSwitch {
  readonly before: Phases | undefined
  readonly evidence: readonly PositionEvidence[]
}

interface EvidenceRow {
  switchId: string
  at: number
  kind: PositionEvidence['kind']
  reference: string
  phases: string | null
  cause: string | null
}

export async function knownSwitches(client: Client, touched: readonly TouchedSwitch[]): Promise<KnownSwitch[]> {
  if (touched.length === 0) return []
  const asked = [touched.map(({ switchId }) => switchId), touched.map(({ from }) => from)]
  const { rows: before } = await client.query<{ switchId: string; closed: string }>(
    `select asked.switch_id as "switchId", last.closed
     from unnest($1::text[], $2::float8[]) as asked (switch_id, since), lateral (
       select closed from switch_operation o
       where o.switch_id = asked.switch_id and at < to_timestamp(since / 1000)
       order by at desc, source desc, reference desc limit 1) last`,
    asked,
  )
  const { rows } = await client.query<EvidenceRow>(
    `with asked as (
       select * from unnest($1::text[], $2::float8[]) as a (switch_id, since) left join device d on d.device_id = a.switch_id
     )
     select switch_id as "switchId", extract(epoch from at)::float8 * 1000 as at,
       case type when 'switch_opened' then 'opened' else 'closed' end as kind, event_id as reference, field_event.phases, cause
     from asked join field_event using (device_key)
     where at >= to_timestamp(since / 1000) and type in ('switch_opened', 'switch_closed')
       and quality not in ('server-time', 'invalid')
     union all
     select switch_id, extract(epoch from at)::float8 * 1000, 'reading', '',
       case position when 'closed' then 'ABC' else '' end, null
     from asked join switch_reading using (device_key)
     where at >= to_timestamp($3::float8 / 1000) and at >= to_timestamp(since / 1000) and position <> 'intermediate'
       and quality not in ('server-time', 'invalid')
     union all
     select switch_id, extract(epoch from at)::float8 * 1000, 'person', reference, closed, o.cause
     from asked join switch_operation o using (switch_id)
     where at >= to_timestamp(since / 1000) and source = 'person'`,
    [...asked, Math.min(...touched.map(({ from }) => from))],
  )
  const stood = new Map(before.map(({ switchId, closed }) => [switchId, phasesOf(closed)]))
  const told = Map.groupBy(rows, ({ switchId }) => switchId)
  return touched.map(({ switchId, from }) => ({
    ...{ switchId, from, before: stood.get(switchId) },
    evidence: (told.get(switchId) ?? []).map(evidenceOf),
  }))
}

function evidenceOf({ at, kind, reference, phases, cause }: EvidenceRow): PositionEvidence {
  if (kind === 'reading') return { at, kind, reference, closed: phases === 'ABC' }
  if (kind === 'person') return { at, kind, reference, closed: phasesOf(phases ?? ''), cause }
  return { at, kind, reference, phases: phases === null ? null : phasesOf(phases), cause }
}

/**
 * Puts the operations of switches, each from an instant on, in the stead of those that were told before.
 * @returns the instant of the first one that differs, UTC milliseconds; null where none does
 */
export async function writeOperations(
  client: Client,
  switches: readonly (TouchedSwitch & { readonly positions: readonly SwitchPosition[] })[],
): Promise<number | null> {
  if (switches.length === 0) return null
  const positions = switches.flatMap(({ switchId, positions }) => positions.map((one) => ({ switchId, ...one })))
  const { rows } = await client.query<{ at: number | null }>(
    `with asked as (
       select * from unnest($1::text[], $2::float8[]) as a (switch_id, since)
     ), told as (
       select switch_id, to_timestamp(at / 1000) as at, closed, source::operation_source as source, reference, cause
       from unnest($3::text[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::text[])
         as t (switch_id, at, closed, source, reference, cause)
     ), gone as (
       delete from switch_operation o using asked
       where o.switch_id = asked.switch_id and o.at >= to_timestamp(since / 1000) and o.source <> 'person'
         and not exists (select from told t where (t.switch_id, t.at, t.source, t.reference) = (o.switch_id, o.at, o.source, o.reference))
       returning o.at
     ), written as (
       insert into switch_operation as o (switch_id, at, closed, source, reference, cause)
       select distinct on (switch_id, at, source, reference) * from (select switch_id, at, closed, source, reference, cause from told where source <> 'person') t
       on conflict (switch_id, at, source, reference) do update set closed = excluded.closed, cause = excluded.cause
       where (o.closed, o.cause) is distinct from (excluded.closed, excluded.cause)
       returning o.at
     )
     select extract(epoch from min(at))::float8 * 1000 as at from (select at from gone union all select at from written) differing`,
    [
      ...[switches.map(({ switchId }) => switchId), switches.map(({ from }) => from)],
      ...[positions.map(({ switchId }) => switchId), positions.map(({ at }) => at)],
      ...[positions.map(({ closed }) => textOf(closed)), positions.map(({ source }) => source)],
      ...[positions.map(({ reference }) => reference), positions.map(({ cause }) => cause)],
    ],
  )
  return rows[0]!.at
}

/** An operation as it is shown. */
export interface ListedOperation {
  readonly switchId: string
  readonly at: number
  readonly closed: string
  readonly source: 'event' | 'reading' | 'person'
  readonly reference: string
  readonly cause: string | null
}

/** The newest first. Instants are UTC milliseconds. */
export const listOperations = (
  queries: Queries,
  filter: { switchId?: string | undefined; from?: number | undefined; to?: number | undefined },
  page: {
    before: { at: number; switchId: string; source: string; reference: string } | undefined
    limit: number
  },
): Promise<ListedOperation[]> =>
  queries.query<ListedOperation>(
    `select switch_id as "switchId", extract(epoch from at)::float8 * 1000 as at, closed, source::text as source, reference, cause
     from switch_operation
     where ($1::text is null or switch_id = $1) and ($2::float8 is null or at >= to_timestamp($2::float8 / 1000))
       and ($3::float8 is null or at < to_timestamp($3::float8 / 1000))
       and ($4::float8 is null
         or (date_trunc('milliseconds', at), switch_id, source::text, reference) < (to_timestamp($4::float8 / 1000), $5, $6, $7))
     order by date_trunc('milliseconds', at) desc, switch_id desc, source::text desc, reference desc limit $8`,
    [
      ...[filter.switchId ?? null, filter.from ?? null, filter.to ?? null, page.before?.at ?? null],
      ...[page.before?.switchId ?? null, page.before?.source ?? null, page.before?.reference ?? null, page.limit],
    ],
  )
