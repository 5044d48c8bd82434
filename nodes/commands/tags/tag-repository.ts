import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Intended } from '../interlocks/interlock.ts'
import type { Equipment, Tag, TagKind } from './tag.ts'

/** A tag that hangs, with the section of the transformer that it hangs on. */
export interface StoredTag extends Tag {
  /** Null: it is on no transformer, or on one that the network does not have now. */
  readonly transformerSectionId: string | null
}

/** Whoever dispatches what closes something holds this until the commit, and whoever places a tag: neither misses the other. */
export async function lockSwitching(queries: Queries): Promise<void> {
  await queries.query(`select pg_advisory_xact_lock(hashtextextended('switching', 0))`)
}

/** As `lockSwitching`, for what does not change what is joined: with others of its kind at the same time. */
export async function shareSwitching(queries: Queries): Promise<void> {
  await queries.query(`select pg_advisory_xact_lock_shared(hashtextextended('switching', 0))`)
}

/** Every tag that hangs, by number. @param now  when the network is meant, UTC milliseconds */
export function hangingTags(queries: Queries, now: number): Promise<StoredTag[]> {
  return queries.query<StoredTag>(
    `select tag_id::float8 as "tagId", kind, jsonb_build_object('kind', equipment_kind, 'id', equipment_id) as equipment,
       document, reason, owner_id as "ownerId", owner, (extract(epoch from placed_at) * 1000)::float8 as "placedAt",
       section_id as "transformerSectionId"
     from equipment_tag
     left join network_transformer on equipment_kind = 'transformer' and transformer_id = equipment_id
       and validity @> to_timestamp($1::float8 / 1000)
     where not exists (select from equipment_tag_removal r where r.tag_id = equipment_tag.tag_id)
     order by tag_id`,
    [now],
  )
}

/** A tag, and what became of it. */
export interface ListedTag extends Tag {
  /** Null: it hangs. */
  readonly removal: { readonly by: string; readonly reason: string | null; readonly at: number } | null
}

const listed = `tag_id::float8 as "tagId", kind, jsonb_build_object('kind', equipment_kind, 'id', equipment_id) as equipment,
  document, t.reason, owner_id as "ownerId", owner, ${milliseconds('placed_at')} as "placedAt",
  case when r.tag_id is not null then jsonb_build_object('by', removed_by, 'reason', r.reason,
    'at', ${milliseconds('removed_at')}) end as removal`

export interface TagFilter {
  readonly equipmentId?: string | undefined
  readonly kind?: TagKind | undefined
  /** Those that hang; false: those that were removed. */
  readonly hanging?: boolean | undefined
}

/** The newest first, `limit` at most, behind `before`. */
export function listTags(
  queries: Queries,
  { equipmentId, kind, hanging }: TagFilter,
  page: { readonly before: number | undefined; readonly limit: number },
): Promise<ListedTag[]> {
  return queries.query<ListedTag>(
    `select ${listed} from equipment_tag t left join equipment_tag_removal r using (tag_id)
     where ($1::bigint is null or tag_id < $1) and ($2::text is null or equipment_id = $2) and ($3::text is null or kind = $3)
       and ($4::boolean is null or (r.tag_id is null) = $4)
     order by tag_id desc limit $5`,
    [page.before ?? null, equipmentId ?? null, kind ?? null, hanging ?? null, page.limit],
  )
}

/** @returns undefined where there is none of the number */
export async function findTag(queries: Queries, tagId: number): Promise<ListedTag | undefined> {
  const [tag] = await queries.query<ListedTag>(
    `select ${listed} from equipment_tag t left join equipment_tag_removal r using (tag_id) where tag_id = $1`,
    [tagId],
  )
  return tag
}

export const countHanging = async (queries: Queries): Promise<number> => {
  const [row] = await queries.query<{ hanging: number }>(
    `select count(*)::integer as hanging from equipment_tag t
     where not exists (select from equipment_tag_removal r where r.tag_id = t.tag_id)`,
  )
  return row!.hanging
}

/** @returns its number */
export async function insertTag(queries: Queries, tag: Omit<Tag, 'tagId'>): Promise<number> {
  const { kind, equipment, document, reason, ownerId, owner, placedAt } = tag
  const [row] = await queries.query<{ tagId: number }>(
    `insert into equipment_tag (kind, equipment_kind, equipment_id, document, reason, owner_id, owner, placed_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000)) returning tag_id::float8 as "tagId"`,
    [kind, equipment.kind, equipment.id, document, reason, ownerId, owner, placedAt],
  )
  return row!.tagId
}

/** @param at  UTC milliseconds of the wall's clock @returns false where it was removed already */
export async function insertRemoval(
  queries: Queries,
  removal: { tagId: number; byId: number; by: string; reason: string | null; at: number },
): Promise<boolean> {
  const { tagId, byId, by, reason, at } = removal
  const rows = await queries.query(
    `insert into equipment_tag_removal (tag_id, removed_by_id, removed_by, reason, removed_at)
     values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000)) on conflict do nothing returning tag_id`,
    [tagId, byId, by, reason, at],
  )
  return rows.length > 0
}

/** Whether a transformer is in the network, or a device in the registry. @param now  UTC milliseconds */
export async function isKnown(queries: Queries, { kind, id }: Equipment, now: number): Promise<boolean> {
  const [row] = await queries.query<{ known: boolean }>(
    kind === 'transformer'
      ? `select exists (select from network_transformer
           where transformer_id = $1 and validity @> to_timestamp($2::float8 / 1000)) as known`
      : `select exists (select from device where device_id = $1 and $2::float8 is not null) as known`,
    [id, now],
  )
  return row!.known
}

/** A section by its name alone: is anything in it? @param now  UTC milliseconds */
export async function isSection(queries: Queries, sectionId: string, now: number): Promise<boolean> {
  const [row] = await queries.query<{ known: boolean }>(
    `select exists (select from network_switch where $1 in (section_a, section_b) and validity @> at)
       or exists (select from network_source where section_id = $1 and validity @> at)
       or exists (select from network_transformer where section_id = $1 and validity @> at)
       or exists (select from network_earth_switch where section_id = $1 and validity @> at)
       or exists (select from unit_supply where section_id = $1 and validity @> at) as known
     from to_timestamp($2::float8 / 1000) at`,
    [sectionId, now],
  )
  return row!.known
}

/** Commands that were sent, or are about to be, and whose effect is not known yet. */
export function commandsUnderWay(queries: Queries): Promise<(Intended & { readonly commandId: string })[]> {
  return queries.query(
    `select command_id as "commandId", device_id as "deviceId", type, args from command where in_flight order by command_id`,
  )
}
