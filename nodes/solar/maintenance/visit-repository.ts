import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

export const visitKinds = ['inspection', 'cleaning', 'repair', 'replacement'] as const
export type VisitKind = (typeof visitKinds)[number]

/** What was done at a plant, as a person noted it. Instants in UTC milliseconds. */
export interface Visit {
  readonly visitId: number
  readonly plantId: string
  /** Null: all panels of the plant. */
  readonly panelId: string | null
  readonly what: VisitKind
  readonly doneAt: number
  readonly doneBy: string
  readonly note: string | null
  readonly notedBy: string
  readonly notedAt: number
  /** Null: it stands. */
  readonly withdrawnAt: number | null
}

const columns = `v.visit_id::float8 as "visitId", plant_id as "plantId", panel_id as "panelId", what,
  ${milliseconds('done_at')} as "doneAt", done_by as "doneBy", note, noted_by as "notedBy", ${milliseconds('noted_at')} as "notedAt",
  ${milliseconds('withdrawn_at')} as "withdrawnAt"`

/** @returns its number */
export async function insertVisit(queries: Queries, visit: Omit<Visit, 'visitId' | 'withdrawnAt'>): Promise<number> {
  const { plantId, panelId, what, doneAt, doneBy, note, notedBy, notedAt } = visit
  const [row] = await queries.query<{ visitId: number }>(
    `insert into solar_visit (plant_id, panel_id, what, done_at, done_by, note, noted_by, noted_at)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, $7, to_timestamp($8::float8 / 1000))
     returning visit_id::float8 as "visitId"`,
    [plantId, panelId, what, doneAt, doneBy, note, notedBy, notedAt],
  )
  return row!.visitId
}

export async function findVisit(queries: Queries, visitId: number): Promise<Visit | undefined> {
  const [visit] = await queries.query<Visit>(
    `select ${columns} from solar_visit v left join solar_visit_withdrawal w using (visit_id) where visit_id = $1`,
    [visitId],
  )
  return visit
}

/** Visits that stand, the newest first, behind one. */
export const listVisits = (
  queries: Queries,
  {
    plantId,
    panelId,
    after,
    most,
  }: {
    readonly plantId: string | null
    readonly panelId: string | null
    readonly after: { readonly doneAt: number; readonly visitId: number } | undefined
    readonly most: number
  },
): Promise<Visit[]> =>
  queries.query(
    `select ${columns} from solar_visit v left join solar_visit_withdrawal w using (visit_id)
     where w.visit_id is null and ($1::text is null or plant_id = $1) and ($2::text is null or panel_id = $2 or panel_id is null)
       and ($3::float8 is null or (done_at, visit_id) < (to_timestamp($3 / 1000), $4::bigint))
     order by done_at desc, visit_id desc limit $5`,
    [plantId, panelId, after?.doneAt ?? null, after?.visitId ?? null, most],
  )

/** @returns whether it stood */
export async function withdrawVisit(
  queries: Queries,
  visitId: number,
  { reason, by, at }: { readonly reason: string | null; readonly by: string; readonly at: number },
): Promise<boolean> {
  const rows = await queries.query(
    `insert into solar_visit_withdrawal (visit_id, reason, withdrawn_by, withdrawn_at)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000)) on conflict do nothing returning visit_id`,
    [visitId, reason, by, at],
  )
  return rows.length > 0
}

/** Whether the registry has such a site. */
export async function isSite(queries: Queries, siteId: string): Promise<boolean> {
  const [row] = await queries.query<{ known: boolean }>(
    'select exists (select from site where site_id = $1) as known',
    [siteId],
  )
  return row!.known
}
