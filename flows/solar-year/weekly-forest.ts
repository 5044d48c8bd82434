import { calibratedScores } from '../../nodes/solar/domain/forest/calibration.ts'
import { featureRows } from '../../nodes/solar/domain/forest/features.ts'
import { KeptHistory } from '../../nodes/solar/domain/forest/history.ts'
import { forestSchedule, isForestDue, type LastAttempt } from '../../nodes/solar/domain/forest/schedule.ts'
import { forestSeed } from '../../nodes/solar/domain/forest/seed.ts'
import { trainForest, type TrainedForest } from '../../nodes/solar/domain/forest/training.ts'
import type { PanelSample } from '../../nodes/solar/domain/plant.ts'
import type { Scorer } from './judged-year.ts'

/** The isolation forest of a site as operation grows it: on its schedule, from the healthy samples of the last weeks. */
export class WeeklyForest implements Scorer {
  readonly #siteId: string
  #recent: PanelSample[] = []
  #last: LastAttempt | null = null
  #forest: TrainedForest | undefined
  #version = 0

  constructor(siteId: string) {
    this.#siteId = siteId
  }

  /** Forests grown so far. */
  get version(): number {
    return this.#version
  }

  scoresOf(samples: ReadonlyMap<string, PanelSample>): ReadonlyMap<string, number | null> {
    if (!this.#forest || samples.size === 0) return new Map()
    const scores = calibratedScores(this.#forest, featureRows([...samples.values()]))
    return new Map([...samples.keys()].map((panelId, row) => [panelId, scores[row]!]))
  }

  learn(at: number, healthy: readonly PanelSample[]): void {
    this.#recent.push(...healthy)
    if (isForestDue(this.#last, at)) this.#grow(at)
  }

  #grow(at: number): void {
    this.#recent = this.#recent.filter((sample) => sample.at >= at - forestSchedule.historyMs)
    const seed = forestSeed(this.#siteId, this.#version + 1)
    const history = new KeptHistory(seed)
    for (const sample of this.#recent) history.take(sample)
    const { leastSamples, leastDays, quantile } = forestSchedule
    const isEnough = history.seen >= leastSamples && history.days >= leastDays
    this.#last = { at, outcome: isEnough ? 'trained' : 'too_little_history' }
    if (!isEnough) return
    this.#forest = trainForest(featureRows(history.kept), { seed, quantile })
    this.#version += 1
  }
}
