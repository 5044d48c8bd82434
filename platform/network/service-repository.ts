import type { Queries } from '../storage/queries.ts'
import type { PriorityService } from './import/network.ts'

/** A unit that is restored before others. */
export interface PriorityUnit {
  readonly unitId: string
  readonly service: PriorityService
}

/** By unit, `limit` at most, behind `after`. */
export function listServices(
  queries: Queries,
  page: { after: string | undefined; limit: number },
): Promise<PriorityUnit[]> {
  return queries.query<PriorityUnit>(
    'select unit_id as "unitId", service from unit_service where unit_id > $1 order by unit_id limit $2',
    [page.after ?? '', page.limit],
  )
}

/** @returns undefined where it is not restored before others */
export async function findService(queries: Queries, unitId: string): Promise<PriorityUnit | undefined> {
  const [row] = await queries.query<PriorityUnit>(
    'select unit_id as "unitId", service from unit_service where unit_id = $1',
    [unitId],
  )
  return row
}
