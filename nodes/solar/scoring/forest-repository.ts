import type { ForestOutcome, LastAttempt } from '../domain/forest/schedule.ts'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** A site's forest, as it was grown. Instants are UTC milliseconds. */
export interface StoredForest {
  readonly siteId: string
  /** From 1. */
  readonly version: number
  readonly trainedAt: number
  readonly seed: number
  /** The history it is from: samples from here on, and before there. */
  readonly from: number
  readonly to: number
  /** Samples that the history had, and those that the forest was grown from. */
  readonly seen: number
  readonly samples: number
  /** A score above it is unusual: the quantile of the training scores. */
  readonly threshold: number
  readonly quantile: number
  /** As `forestToBytes` writes them. */
  readonly trees: Uint8Array
}

export interface SiteToTrain {
  readonly siteId: string
  /** Null: nobody ever tried. */
  readonly last: LastAttempt | null
  /** Of its newest forest; 0: it has none. */
  readonly version: number
}

/** Forests kept of a site, the newest among them: enough to say what scored two months ago. */
const keptVersions = 8

/** Sites that have panels, with when somebody last tried to grow a forest of theirs. */
export const sitesToTrain = (queries: Queries): Promise<SiteToTrain[]> =>
  queries.query(
    `select site_id as "siteId",
       case when a.at is not null then json_build_object('at', ${milliseconds('a.at')}, 'outcome', a.outcome) end as last,
       coalesce((select max(version) from solar_forest f where f.of_site = site_id), 0) as version
     from (select distinct site_id from device where kind = 'panel' and status = 'active' and site_id is not null) sites
     left join solar_forest_attempt a on a.of_site = site_id
     order by site_id`,
  )

/**
 * Takes a site's next forest upon oneself.
 * @param now  UTC milliseconds
 * @returns whether nobody else has done so since `site` was read
 */
export async function claimTraining(queries: Queries, { siteId, last }: SiteToTrain, now: number): Promise<boolean> {
  const claimed = await queries.query(
    `insert into solar_forest_attempt as a (of_site, at, outcome) values ($1, to_timestamp($2::float8 / 1000), 'begun')
     on conflict (of_site) do update set at = excluded.at, outcome = 'begun', samples = 0, days = 0, reason = null
     where a.at = to_timestamp($3::float8 / 1000) and a.outcome = $4
     returning of_site`,
    [siteId, now, last?.at ?? null, last?.outcome ?? null],
  )
  return claimed.length === 1
}

/** What came of it. */
export interface TrainingEnd {
  readonly siteId: string
  readonly outcome: Exclude<ForestOutcome, 'begun'>
  readonly samples: number
  readonly days: number
  /** Why it failed. */
  readonly reason?: string
}

export async function endTraining(
  queries: Queries,
  { siteId, outcome, samples, days, reason }: TrainingEnd,
): Promise<void> {
  await queries.query(
    `update solar_forest_attempt set outcome = $2, samples = $3, days = $4, reason = $5 where of_site = $1`,
    [siteId, outcome, samples, days, reason ?? null],
  )
}

/** Writes a forest, unless there is one of that version, and lets go of those that are too old. */
export async function writeForest(queries: Queries, forest: StoredForest): Promise<void> {
  const { siteId, version, trainedAt, seed, from, to, seen, samples, threshold, quantile, trees } = forest
  await queries.query(
    `insert into solar_forest (of_site, version, trained_at, seed, data_from, data_to, samples_seen, samples, threshold, quantile,
       trees)
     values ($1, $2, to_timestamp($3::float8 / 1000), $4, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000), $7, $8,
       $9, $10, $11)
     on conflict (of_site, version) do nothing`,
    [siteId, version, trainedAt, seed, from, to, seen, samples, threshold, quantile, Buffer.from(trees)],
  )
  await queries.query('delete from solar_forest where of_site = $1 and version <= $2', [siteId, version - keptVersions])
}

/** Version of a site's newest forest; undefined: it has none. */
export async function newestVersion(queries: Queries, siteId: string): Promise<number | undefined> {
  const [row] = await queries.query<{ version: number }>(
    'select version from solar_forest where of_site = $1 order by version desc limit 1',
    [siteId],
  )
  return row?.version
}

/** A forest of a site; undefined: it has no such version, or not any more. */
export async function readForest(queries: Queries, siteId: string, version: number): Promise<StoredForest | undefined> {
  const [row] = await queries.query<StoredForest>(
    `select of_site as "siteId", version, ${milliseconds('trained_at')} as "trainedAt", seed, ${milliseconds('data_from')} as "from",
       ${milliseconds('data_to')} as "to", samples_seen as seen, samples, threshold, quantile, trees
     from solar_forest where of_site = $1 and version = $2`,
    [siteId, version],
  )
  return row
}
