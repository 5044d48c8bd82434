import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'

export const hintKinds = ['silent', 'restored_without_loss', 'not_heard_since'] as const
export type HintKind = (typeof hintKinds)[number]
export const hintStatuses = ['open', 'confirmed', 'dismissed'] as const
export type HintStatus = (typeof hintStatuses)[number]

/** What a person is asked to judge. Instants are UTC milliseconds. */
export interface Hint {
  readonly hintId: number
  readonly kind: HintKind
  readonly unitId: string
  readonly meterId: string
  readonly at: number
  readonly noticedAt: number
  readonly status: HintStatus
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly note: string | null
}

/** Looked at so far back, ms. */
const lookBackMs = 86_400_000
/** Hints that come at a time, and that are open at once: a storm is no list for a person. */
const most = { atOnce: 1_000, open: 10_000 }

/**
 * Notes what evidence leaves open: meters that have gone silent without anybody knowing of an outage; those that had supply
 * again of which no loss is known; those that lost it with a switch, and have told nothing since it gave supply back.
 */
export async function noticeHints(queries: Queries, now: number, silentMs: number): Promise<void> {
  await queries.query(
    `with moment as (
       select to_timestamp($1::float8 / 1000) as now, to_timestamp(($1::float8 - $2::float8) / 1000) as silent_since,
         to_timestamp(($1::float8 - $3::float8) / 1000) as oldest
     ), found as (
       select 'silent' as kind, unit_id, device_key, p.at
       from moment, device_presence p join meter_assignment a using (device_key)
       where not online and p.at <= silent_since and p.at >= oldest and a.validity @> p.at
         and not exists (select from unit_interruption u where u.unit_id = a.unit_id and u.started_at >= oldest - interval '60 days'
           and u.started_at <= now and (u.ended_at is null or u.ended_at >= p.at))
       union all
       select 'restored_without_loss', unit_id, device_key, e.at
       from moment, field_event e join meter_assignment a using (device_key)
       where e.type = 'power_restored' and e.at >= oldest and e.at <= silent_since and a.validity @> e.at
         and e.quality not in ('server-time', 'invalid')
         and not exists (select from unit_interruption u where u.unit_id = a.unit_id and u.started_at >= oldest - interval '60 days'
           and u.started_at <= e.at and (u.ended_at is null or u.ended_at >= e.at - interval '5 minutes'))
       union all
       select 'not_heard_since', a.unit_id, device_key, u.ended_at
       from moment, interruption i join unit_interruption u using (interruption_id)
       join meter_assignment a on a.unit_id = u.unit_id and a.validity @> u.ended_at
       where i.basis = 'model' and not i.void and i.ended_at >= oldest and u.ended_at between oldest and silent_since
         and exists (select from field_event e where e.device_key = a.device_key and e.type = 'power_lost'
           and e.at >= u.started_at - interval '5 minutes' and e.at < u.ended_at)
         and not exists (select from field_event e where e.device_key = a.device_key and e.type = 'power_restored' and e.at > u.started_at)
         and not exists (select from latest_reading r where r.device_key = a.device_key and r.at > u.ended_at)
     )
     insert into supply_hint (kind, unit_id, device_key, at, noticed_at)
     select distinct on (kind, unit_id, at) kind, unit_id, device_key, at, now from moment, found f
     where (select count(*) from supply_hint where status = 'open') < $5
       and not exists (select from supply_hint h where (h.kind, h.unit_id, h.at) = (f.kind, f.unit_id, f.at))
     order by kind, unit_id, at limit $4
     on conflict do nothing`,
    [now, silentMs, lookBackMs, most.atOnce, most.open],
  )
}

const columns = `hint_id::float8 as "hintId", h.kind, unit_id as "unitId", device_id as "meterId",
  extract(epoch from at)::float8 * 1000 as at, extract(epoch from noticed_at)::float8 * 1000 as "noticedAt", h.status,
  decided_by as "decidedBy", extract(epoch from decided_at)::float8 * 1000 as "decidedAt", note`

/** The newest first. */
export const listHints = (
  queries: Queries,
  filter: { kind?: HintKind | undefined; status?: HintStatus | undefined; unitId?: string | undefined },
  page: { before: number | undefined; limit: number },
): Promise<Hint[]> =>
  queries.query<Hint>(
    `select ${columns} from supply_hint h join device using (device_key)
     where ($1::text is null or h.kind = $1) and ($2::text is null or h.status = $2) and ($3::text is null or unit_id = $3)
       and ($4::bigint is null or hint_id < $4)
     order by hint_id desc limit $5`,
    [filter.kind ?? null, filter.status ?? null, filter.unitId ?? null, page.before ?? null, page.limit],
  )

export async function findHint(queries: Queries, hintId: number): Promise<Hint | undefined> {
  const [hint] = await queries.query<Hint>(
    `select ${columns} from supply_hint h join device using (device_key) where hint_id = $1`,
    [hintId],
  )
  return hint
}

/** @returns whether it was open until now */
export async function decideHint(
  client: Pick<PoolClient, 'query'>,
  hintId: number,
  decision: { status: 'confirmed' | 'dismissed'; by: string; at: number; note: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update supply_hint set status = $2, decided_by = $3, decided_at = to_timestamp($4::float8 / 1000), note = $5
     where hint_id = $1 and status = 'open'`,
    [hintId, decision.status, decision.by, decision.at, decision.note],
  )
  return rowCount === 1
}
