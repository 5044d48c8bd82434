import type { Database } from '../../../platform/storage/database.ts'

/** Sites with a panel each that is active; and, of no site or of another kind, what nothing is learnt of. */
export async function seedSites(database: Database, ...siteIds: string[]): Promise<void> {
  await database.query('insert into site (site_id) select unnest($1::text[])', [[...siteIds, 'of-a-meter', 'not-yet']])
  await database.query(
    `insert into device (device_id, kind, status, site_id)
     select 'panel of ' || id, 'panel', 'active', id from unnest($1::text[]) id
     union all values ('meter', 'meter'::reading_kind, 'active'::registration_status, 'of-a-meter'),
       ('pending', 'panel', 'pending', 'not-yet'), ('nowhere', 'panel', 'active', null)`,
    [siteIds],
  )
}
