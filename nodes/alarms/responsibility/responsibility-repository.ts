import type { Role } from '../../../platform/access/roles.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { scopeOf, type ResponsibilityArea, type Scope } from '../domain/responsibility.ts'

/** An area as it is listed. */
export interface ListedArea extends ResponsibilityArea {
  /** Who answers for it, by name. */
  readonly usernames: readonly string[]
  readonly changedBy: string
  readonly changedAt: Date
}

/** All areas by name; or the one of this name, if there is one. */
export const listAreas = (queries: Queries, name: string | null = null): Promise<ListedArea[]> =>
  queries.query(
    `select name, feeder_ids as "feederIds", condition_areas as "conditionAreas", changed_by as "changedBy",
       changed_at as "changedAt",
       array(select username from responsibility_assignment join user_account using (user_id)
         where responsibility_assignment.name = area.name order by lower(username)) as usernames
     from responsibility_area area where $1::text is null or name = $1 order by name`,
    [name],
  )

/** What a user answers for: all, where no area is assigned; else also what has escalated to the role. */
export async function scopeOfUser(queries: Queries, username: string): Promise<Scope> {
  const areas = await queries.query<Omit<ResponsibilityArea, 'name'> & { role: Role }>(
    `select feeder_ids as "feederIds", condition_areas as "conditionAreas", role
     from responsibility_area join responsibility_assignment using (name) join user_account using (user_id)
     where lower(username) = lower($1)`,
    [username],
  )
  return scopeOf(areas, await feedersBelow(queries, areas), areas[0]?.role)
}

/** What is in an area; undefined where there is none of that name. */
export async function scopeOfArea(queries: Queries, name: string): Promise<Scope | undefined> {
  const [area] = await listAreas(queries, name)
  return area && scopeOf([area], await feedersBelow(queries, [area]))
}

async function feedersBelow(
  queries: Queries,
  areas: readonly Pick<ResponsibilityArea, 'feederIds'>[],
): Promise<(feederId: string) => readonly string[]> {
  const feederIds = [...new Set(areas.flatMap((area) => area.feederIds ?? []))]
  if (feederIds.length === 0) return () => []
  const rows = await queries.query<{ feederId: string; below: string[] }>(
    `with recursive tree as (
       select feeder_id as top, feeder_id from feeder where feeder_id = any ($1::text[])
       union
       select top, feeder.feeder_id from tree join feeder on parent_feeder_id = tree.feeder_id
     )
     select top as "feederId", array_agg(feeder_id) filter (where feeder_id <> top) as below from tree group by top`,
    [feederIds],
  )
  const below = new Map(rows.map((row) => [row.feederId, row.below]))
  return (feederId) => below.get(feederId) ?? []
}

/** @returns those that are no feeders */
export async function unknownFeeders(queries: Queries, feederIds: readonly string[]): Promise<string[]> {
  const rows = await queries.query<{ feederId: string }>(
    `select "feederId" from unnest($1::text[]) "feederId" where not exists (select from feeder where feeder_id = "feederId")`,
    [feederIds],
  )
  return rows.map(({ feederId }) => feederId)
}

/** @param at UTC milliseconds */
export async function putArea(queries: Queries, area: ResponsibilityArea, by: string, at: number): Promise<void> {
  const { name, feederIds, conditionAreas } = area
  await queries.query(
    `insert into responsibility_area (name, feeder_ids, condition_areas, changed_by, changed_at)
     values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000))
     on conflict (name) do update set feeder_ids = excluded.feeder_ids, condition_areas = excluded.condition_areas,
       changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [name, feederIds, conditionAreas, by, at],
  )
}

/** How many areas there are. */
export async function countAreas(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ areas: number }>('select count(*)::integer as areas from responsibility_area')
  return row!.areas
}

/** Holds an area until the transaction ends. @returns whether there is one of that name */
export async function holdArea(queries: Queries, name: string): Promise<boolean> {
  return (await queries.query('select from responsibility_area where name = $1 for update', [name])).length === 1
}

export async function deleteArea(queries: Queries, name: string): Promise<void> {
  await queries.query('delete from responsibility_area where name = $1', [name])
}

/** Assigns these users and no others. @returns those that are no users: then nothing has changed */
export async function assignUsers(queries: Queries, name: string, usernames: readonly string[]): Promise<string[]> {
  const unknown = await queries.query<{ username: string }>(
    `select given as username from unnest($1::text[]) given
     where not exists (select from user_account where lower(username) = lower(given))`,
    [usernames],
  )
  if (unknown.length > 0) return unknown.map(({ username }) => username)
  await queries.query('delete from responsibility_assignment where name = $1', [name])
  await queries.query(
    `insert into responsibility_assignment (name, user_id)
     select $1, user_id from user_account where lower(username) in (select lower(given) from unnest($2::text[]) given)`,
    [name, usernames],
  )
  return []
}
