import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { featureRows } from '../domain/forest/features.ts'
import { KeptHistory } from '../domain/forest/history.ts'
import { forestSchedule, isForestDue } from '../domain/forest/schedule.ts'
import { forestSeed } from '../domain/forest/seed.ts'
import type { PanelSample } from '../domain/plant.ts'
import { claimTraining, endTraining, writeForest, type SiteToTrain, type TrainingEnd } from './forest-repository.ts'
import type { Scoring } from './scoring.ts'

/**
 * The healthy history of a site: the 5-minute samples of its panels from an instant on and before another (UTC milliseconds), by
 * daylight, and none that a rule has condemned; by instant and panel, in pieces that fit into memory.
 */
export type HealthyHistory = (siteId: string, from: number, to: number) => AsyncIterable<readonly PanelSample[]>

export interface SiteTraining {
  readonly scoring: Pick<Scoring, 'train'>
  readonly healthyHistory: HealthyHistory
  /** Share of the training scores up to the threshold of the unusual. */
  readonly quantile: number
}

/**
 * Grows a site's next forest, if it is due and nobody else does, from what its last weeks had of health. The seed is made of site and
 * version: the same history gives the same forest again.
 * @param now  UTC milliseconds: the history ends there
 * @returns what came of it; undefined where it was not for us to do
 * @throws the database's errors, and the reason of `signal` if it is aborted: then another attempt is made later
 */
export async function trainSite(
  database: Database,
  site: SiteToTrain,
  training: SiteTraining,
  now: number,
  signal: AbortSignal,
): Promise<TrainingEnd | undefined> {
  if (!isForestDue(site.last, now) || !(await claimTraining(database, site, now))) return undefined
  const { siteId } = site
  const from = now - forestSchedule.historyMs
  const seed = forestSeed(siteId, site.version + 1)
  const history = new KeptHistory(seed)
  const counted = () => ({ siteId, samples: history.seen, days: history.days })
  try {
    for await (const samples of training.healthyHistory(siteId, from, now)) {
      signal.throwIfAborted()
      for (const sample of samples) history.take(sample)
    }
    const { leastSamples, leastDays } = forestSchedule
    if (history.seen < leastSamples || history.days < leastDays)
      return await end(database, { ...counted(), outcome: 'too_little_history' })
    const { quantile, scoring } = training
    const samples = history.kept.length
    const grown = await scoring.train(featureRows(history.kept), { seed, quantile }, signal)
    const forest = { ...grown, siteId, version: site.version + 1, trainedAt: now, seed, quantile }
    const trained: TrainingEnd = { ...counted(), outcome: 'trained' }
    await database.transaction(async (client) => {
      await writeForest(queriesOf(client), { ...forest, from, to: now, seen: history.seen, samples })
      await endTraining(queriesOf(client), trained)
    })
    return trained
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof DatabaseUnavailable) throw error
    const reason = error instanceof Error ? error.message : String(error)
    return await end(database, { ...counted(), outcome: 'failed', reason })
  }
}

async function end(database: Database, ended: TrainingEnd): Promise<TrainingEnd> {
  await endTraining(database, ended)
  return ended
}
