import { calibratedScore } from '../domain/forest/calibration.ts'
import { featureRows } from '../domain/forest/features.ts'
import type { PanelSample } from '../domain/plant.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { newestVersion, readForest } from './forest-repository.ts'
import { mostRows, ScoringFailed, type Scoring, type StoredTrees } from './scoring.ts'

/** What a site's newest forest makes of samples. */
export interface SiteScores {
  readonly version: number
  /** A calibrated score a sample, in their order, in (0, 1]; null where nothing is known of the sample. */
  readonly scores: readonly (number | null)[]
}

interface KnownForest extends StoredTrees {
  readonly version: number
  readonly threshold: number
}

/** Forests whose trees are held ready, 0.3 MB each. */
const mostHeld = 64

/** Scores samples by the newest forest of their site; holds those that were asked for last ready. */
export class SiteForests {
  readonly #queries: Queries
  readonly #scoring: Scoring
  readonly #report: (error: unknown) => void
  /** By site, the least needed first. */
  readonly #held = new Map<string, KnownForest>()

  /** @param report  told why there are no scores: rules go on judging without them */
  constructor(queries: Queries, scoring: Scoring, report: (error: unknown) => void) {
    this.#queries = queries
    this.#scoring = scoring
    this.#report = report
  }

  /**
   * Scores any number of a site's samples, of any panels and instants.
   * @returns null where the site has no forest yet, or none could score: `report` was told why
   * @throws RangeError if a measure is not finite; the database's errors; the reason of `signal` if it is aborted
   */
  async scoresOf(siteId: string, samples: readonly PanelSample[], signal?: AbortSignal): Promise<SiteScores | null> {
    const forest = await this.#newest(siteId)
    if (!forest) return null
    const pieces = Array.from({ length: Math.ceil(samples.length / mostRows) }, (_, piece) =>
      featureRows(samples.slice(piece * mostRows, (piece + 1) * mostRows)),
    )
    try {
      const scores: (number | null)[] = []
      for (const rows of pieces)
        for (const score of await this.#scoring.score(forest, rows, signal))
          scores.push(score === 0 ? null : calibratedScore(score, forest.threshold))
      return { version: forest.version, scores }
    } catch (error) {
      signal?.throwIfAborted()
      // Of the forest nobody may depend: one that is damaged, or a thread that died, must not keep the rules from judging.
      if (!(error instanceof ScoringFailed || error instanceof RangeError)) throw error
      this.#held.delete(siteId)
      this.#report(error)
      return null
    }
  }

  async #newest(siteId: string): Promise<KnownForest | undefined> {
    const version = await newestVersion(this.#queries, siteId)
    const held = this.#held.get(siteId)
    this.#held.delete(siteId)
    if (version === undefined) return undefined
    const forest = held?.version === version ? held : await this.#read(siteId, version)
    if (!forest) return undefined
    this.#held.set(siteId, forest)
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= mostHeld) break
      this.#held.delete(oldest)
    }
    return forest
  }

  async #read(siteId: string, version: number): Promise<KnownForest | undefined> {
    const stored = await readForest(this.#queries, siteId, version)
    if (!stored) return undefined
    const { trees, threshold, trainedAt } = stored
    // After a restore the same version may be another forest.
    return { version, trees, threshold, model: `${siteId} ${version} ${trainedAt}` }
  }
}
