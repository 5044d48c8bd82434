import type { Queries } from '../../../platform/storage/queries.ts'

/** Whether the registry has such a site. */
export async function isSite(queries: Queries, siteId: string): Promise<boolean> {
  const [row] = await queries.query<{ known: boolean }>(
    'select exists (select from site where site_id = $1) as known',
    [siteId],
  )
  return row!.known
}
