import type { Queries } from '../../../platform/storage/queries.ts'
import type { LocalHoliday } from './surroundings.ts'

/** A holiday of a place, with the law that says so. */
export interface EnteredHoliday extends LocalHoliday {
  readonly source: string
  readonly enteredBy: string
}

export interface HolidayKey {
  readonly day: string
  readonly placeCode: number
}

/** By day and place, `limit` at most, behind `after`. @param from  first day `YYYY-MM-DD` */
export function listHolidays(
  queries: Queries,
  { from, placeCode }: { readonly from?: string | undefined; readonly placeCode?: number | undefined },
  page: { readonly after: HolidayKey | undefined; readonly limit: number },
): Promise<EnteredHoliday[]> {
  return queries.query<EnteredHoliday>(
    `select day::text, place_code as "placeCode", name, source, entered_by as "enteredBy" from local_holiday
     where ($1::date is null or day >= $1) and ($2::integer is null or place_code = $2)
       and ($3::text is null or (day::text, place_code) > ($3, $4)) order by day, place_code limit $5`,
    [from ?? null, placeCode ?? null, page.after?.day ?? null, page.after?.placeCode ?? null, page.limit],
  )
}

/** @param at  UTC milliseconds of the wall's clock */
export async function putHoliday(queries: Queries, holiday: EnteredHoliday, at: number): Promise<void> {
  const { day, placeCode, name, source, enteredBy } = holiday
  await queries.query(
    `insert into local_holiday (day, place_code, name, source, entered_by, entered_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
     on conflict (day, place_code) do update set name = excluded.name, source = excluded.source,
       entered_by = excluded.entered_by, entered_at = excluded.entered_at`,
    [day, placeCode, name, source, enteredBy, at],
  )
}

/** @returns whether there was one */
export async function deleteHoliday(queries: Queries, { day, placeCode }: HolidayKey): Promise<boolean> {
  const rows = await queries.query('delete from local_holiday where day = $1 and place_code = $2 returning day', [
    ...[day, placeCode],
  ])
  return rows.length > 0
}

/** Holidays of places from the day before an instant (UTC milliseconds) to three days after it: in every zone its day and the next. */
export function holidaysAround(queries: Queries, now: number): Promise<LocalHoliday[]> {
  return queries.query<LocalHoliday>(
    `select day::text, place_code as "placeCode", name from local_holiday
     where day between (to_timestamp($1::float8 / 1000) at time zone 'UTC')::date - 1
       and (to_timestamp($1::float8 / 1000) at time zone 'UTC')::date + 3
     order by day, place_code`,
    [now],
  )
}
