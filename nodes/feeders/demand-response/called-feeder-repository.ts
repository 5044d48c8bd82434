import type { Queries } from '../../../platform/storage/queries.ts'
import type { CalledFeeder } from '../domain/demand-response/in-force.ts'

/**
 * Every feeder, with its own limit, or else the default, or else what all DERs at it and below can do at their ratings.
 */
export function calledFeedersOf(queries: Queries, defaultLimitKw: number | null): Promise<CalledFeeder[]> {
  return queries.query<CalledFeeder>(
    `with recursive below (ancestor, feeder_id) as (
       select feeder_id, feeder_id from feeder
       union select b.ancestor, f.feeder_id from below b join feeder f on f.parent_feeder_id = b.feeder_id
     ), rated as (
       select coalesce(d.feeder_id, s.feeder_id) as feeder_id, sum(d.rated_kw) as kw
       from device d left join site s using (site_id)
       where d.kind = 'der' and d.status = 'active' group by 1
     )
     select f.feeder_id as "feederId", f.parent_feeder_id as "parentFeederId",
       coalesce(f.limit_kw, $1::float8,
         (select coalesce(sum(r.kw), 0) from below b join rated r on r.feeder_id = b.feeder_id where b.ancestor = f.feeder_id)
       ) as "normalKw", coalesce(f.limit_kw, $1::float8) is not null as "isLimited"
     from feeder f order by f.feeder_id`,
    [defaultLimitKw],
  )
}

export async function isFeeder(queries: Queries, feederId: string): Promise<boolean> {
  const rows = await queries.query('select from feeder where feeder_id = $1', [feederId])
  return rows.length > 0
}
