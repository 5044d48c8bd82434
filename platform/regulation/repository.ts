import type { Queries } from '../storage/queries.ts'

/** What an option was set to. */
export interface OptionChange {
  /** Null: its default again. */
  readonly value: string | number | null
  readonly reason: string
  readonly changedBy: string
  readonly changedAt: Date
}

export interface StoredOption extends OptionChange {
  readonly key: string
}

/** The newest change of each option that was ever changed. */
export const storedValues = (queries: Queries): Promise<StoredOption[]> =>
  queries.query(
    `select distinct on (key) key, value, reason, changed_by as "changedBy", changed_at as "changedAt"
     from regulation_option order by key, id desc`,
  )

/** Changes of one option, the newest first. */
export const changesOf = (queries: Queries, key: string, limit: number): Promise<OptionChange[]> =>
  queries.query(
    `select value, reason, changed_by as "changedBy", changed_at as "changedAt"
     from regulation_option where key = $1 order by id desc limit $2`,
    [key, limit],
  )

/** @param at  UTC ms */
export async function insertChange(
  queries: Queries,
  { key, value, reason, changedBy }: Omit<StoredOption, 'changedAt'>,
  at: number,
): Promise<void> {
  await queries.query(
    `insert into regulation_option (key, value, reason, changed_by, changed_at)
     values ($1, $2::jsonb, $3, $4, to_timestamp($5::float8 / 1000))`,
    [key, value === null ? null : JSON.stringify(value), reason, changedBy, at],
  )
}
