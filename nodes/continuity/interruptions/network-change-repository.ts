import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { TouchedUnit } from './unit-evidence-repository.ts'

type Client = Pick<PoolClient, 'query'>

/** What of the network is not as was told before. Instants are UTC milliseconds, and may be -Infinity. */
export interface NetworkChanges {
  /** Of sources and switches; null: none. */
  readonly networkFrom: number | null
  readonly units: readonly TouchedUnit[]
}

/** When changes that wait begin; those that have no beginning are left out. */
export async function waitingChanges(queries: Queries): Promise<{ waiting: boolean; instants: number[] }> {
  const rows = await queries.query<{ from: number }>(
    `select distinct extract(epoch from from_at)::float8 * 1000 as "from" from network_change limit 1000`,
  )
  return { waiting: rows.length > 0, instants: rows.map(({ from }) => from).filter(Number.isFinite) }
}

/** From when to when the commits reach that a consumer has not come to, UTC milliseconds; null where it has come to all. */
export async function spanAhead(queries: Queries, consumer: string): Promise<{ from: number; until: number } | null> {
  const [span] = await queries.query<{ from: number | null; until: number | null }>(
    `select extract(epoch from min(first_at))::float8 * 1000 as "from", extract(epoch from max(last_at))::float8 * 1000 as until
     from batch_log
     where position > coalesce((select position from consumer_cursor where log = 'batch_log' and consumer = $1), 0)`,
    [consumer],
  )
  const { from, until } = span!
  return from === null || until === null ? null : { from, until }
}

/** Takes changes out. Of units only those of which anything is known that could differ. */
export async function takeNetworkChanges(client: Client): Promise<NetworkChanges> {
  const { rows } = await client.query<{ networkFrom: number | null; units: TouchedUnit[] }>(
    `with taken as (
       delete from network_change returning element_kind, element_ids, from_at
     ), unit as (
       select unit_id, from_at from taken, unnest(element_ids) as unit_id where element_kind = 'unit'
       union all
       select unit_id, from_at from taken join unit_supply on transformer_id = any (element_ids) where element_kind = 'transformer'
     ), earliest as (
       select unit_id, min(from_at) as from_at from unit group by unit_id
     ), concerned as (
       select unit_id, from_at from earliest e
       where exists (select from unit_interruption u where u.unit_id = e.unit_id)
         or exists (select from meter_assignment a join field_event f using (device_key)
           where a.unit_id = e.unit_id and f.type in ('power_lost', 'power_restored'))
         or exists (select from unit_connection c join section_outage using (section_id) where c.unit_id = e.unit_id)
     )
     select (select extract(epoch from min(from_at))::float8 * 1000 from taken where element_kind in ('source', 'switch')) as "networkFrom",
       coalesce((select json_agg(json_build_object('unitId', unit_id, 'from',
         case when isfinite(from_at) then extract(epoch from from_at) * 1000 end)) from concerned), '[]') as units`,
  )
  const { networkFrom, units } = rows[0]!
  return { networkFrom, units: units.map(({ unitId, from }) => ({ unitId, from: from ?? -Infinity })) }
}

/** Instant of the first evidence of outages, UTC milliseconds; null where there is none. */
export async function firstEvidence(client: Client): Promise<number | null> {
  const { rows } = await client.query<{ at: number | null }>(
    `select extract(epoch from least(
       (select min(at) from switch_operation),
       (select min(at) from field_event where type in ('power_lost', 'power_restored')),
       (select min(started_at) from entered_outage)))::float8 * 1000 as at`,
  )
  return rows[0]!.at
}
