import type { Queries } from '../../../platform/storage/queries.ts'

/** DERs of the registry: `bat-1` (5 kW), `pv-1` (8 kW), and `bat-2`, of which nobody knows the rating. */
export async function seedDers(queries: Queries): Promise<void> {
  await queries.query(
    `insert into device (device_id, kind, der_type, status, rated_kw, first_seen_at)
     values ('bat-1', 'der', 'battery', 'active', 5, to_timestamp(0)), ('pv-1', 'der', 'pv', 'active', 8, to_timestamp(0)),
       ('bat-2', 'der', 'battery', 'active', null, to_timestamp(0))`,
  )
}
