import type { Anomaly, AnomalyChange } from '../domain/detectors/anomaly.ts'
import { detect } from '../domain/detectors/detect.ts'
import { emptySiteState } from '../domain/detectors/state.ts'
import { expectOf, sampleMs as slotMs } from '../domain/expected-power.ts'
import { calibratedScore } from '../domain/forest/calibration.ts'
import { featureRows } from '../domain/forest/features.ts'
import { KeptHistory } from '../domain/forest/history.ts'
import { scoreRows } from '../domain/forest/score.ts'
import { trainForest, type TrainedForest } from '../domain/forest/training.ts'
import type { Expected, PanelSample, Place, Plant } from '../domain/plant.ts'
import { plantOf } from '../domain/registered-plant.ts'
import { FileError } from '../../../platform/runtime/csv-file.ts'
import type { FileSlot } from './slot-means.ts'

/** What is known of the panels of a file. */
export interface FilePlant {
  readonly place: Place | null
  readonly ratedW: number
  readonly ratedV: number
  readonly tiltDeg: number | null
  readonly azimuthDeg: number | null
}

/** An anomaly of a file, with what was last said of it. Instants in UTC milliseconds. */
export interface FileAnomaly {
  readonly anomaly: Anomaly
  /** When it could be known: the end of the slot that showed it. */
  readonly foundAt: number
  /** When it was over; null: it lasts to the end of the file. */
  readonly endedAt: number | null
}

/** What a file held. */
export interface FileFindings {
  /** Five minutes of single panels that have rows. */
  readonly slots: number
  readonly panels: readonly string[]
  /** First slot, and the end of the last, UTC milliseconds; null: it has no rows. */
  readonly from: number | null
  readonly to: number | null
  /** Slots of panels whose expected power is known, by where the irradiance is from. */
  readonly expected: Readonly<Record<Expected['basis'], number>>
  /** By when they were found. */
  readonly anomalies: readonly FileAnomaly[]
}

/** A forest of what is healthy in a file. */
export interface FileForest {
  readonly trained: TrainedForest
  /** Healthy samples that there were. */
  readonly samples: number
}

const siteId = 'file'
const mostAnomalies = 50_000
/** Fewer healthy samples than a tree is grown from tell nothing. */
const leastSamples = 256
/** Share of the healthy samples that are common: one in a thousand of them is as unusual as what is not healthy. */
const quantile = 0.999
/** The same file gives the same forest. */
const seed = 1

/**
 * Grows a forest from what the rules find healthy: daylight samples of panels that none of them doubts.
 * @returns null where there is too little of it
 */
export async function growFileForest(slots: AsyncIterable<FileSlot>, plant: FilePlant): Promise<FileForest | null> {
  const history = new KeptHistory(seed)
  await detectInFile(slots, plant, null, {
    seen(slot, expected, condemned) {
      for (const [panelId, sample] of slot.panels)
        if (expected.get(panelId)?.isDaylight && !condemned.has(panelId)) history.take(sample)
    },
  })
  if (history.kept.length < leastSamples) return null
  return { trained: trainForest(featureRows(history.kept), { seed, quantile }), samples: history.seen }
}

/** Told of each slot. */
export interface SlotWatch {
  seen(slot: FileSlot, expected: ReadonlyMap<string, Expected>, condemned: ReadonlySet<string>): void
}

/**
 * Takes the slots of a file through what the flow runs: what is expected of each panel, the forest, and the detectors. All panels are of one
 * site; one is known from its first row on.
 * @throws FileError where more is amiss than can be held
 */
export async function detectInFile(
  slots: AsyncIterable<FileSlot>,
  asked: FilePlant,
  forest: TrainedForest | null,
  watch?: SlotWatch,
): Promise<FileFindings> {
  const book = new AnomalyBook()
  const panels = new Set<string>()
  const expectedBy = { measured: 0, siblings: 0, 'clear-sky': 0 }
  let plant = plantWith(asked, panels)
  let state = emptySiteState
  let [from, to, count]: [number | null, number | null, number] = [null, null, 0]
  for await (const slot of slots) {
    const { at, panels: samples } = slot
    for (const panelId of samples.keys()) panels.add(panelId)
    if (panels.size !== plant.panels.length) plant = plantWith(asked, panels)
    const expected = expectOf(plant, at, samples)
    for (const panelId of samples.keys()) {
      const basis = expected.get(panelId)?.basis
      if (basis) expectedBy[basis]++
    }
    const forestScores = forest ? scoresOf(forest, samples, expected) : new Map<string, number | null>()
    const detected = detect(state, { at, panels: samples, expected, forestScores }, plant)
    state = detected.state
    for (const change of detected.changes) book.take(change)
    watch?.seen(slot, expected, detected.condemned)
    count += samples.size
    from ??= at
    to = at + slotMs
  }
  return { slots: count, panels: [...panels].sort(), from, to, expected: expectedBy, anomalies: book.all() }
}

function plantWith({ place, ratedW, ratedV, tiltDeg, azimuthDeg }: FilePlant, panels: ReadonlySet<string>): Plant {
  const unknown = { inverterLimitKw: null, tariffBrlKwh: null, cleaningCostBrl: null }
  return plantOf(
    { siteId, latitude: place?.latitude ?? null, longitude: place?.longitude ?? null, ...unknown },
    [...panels].map((panelId) => ({
      ...{ panelId, ratedKw: ratedW / 1_000, tiltDeg, azimuthDeg, ratedV },
      ...{ gammaPerC: null, noctC: null, installedAt: null },
    })),
  )
}

function scoresOf(
  { forest, threshold }: TrainedForest,
  samples: ReadonlyMap<string, PanelSample>,
  expected: ReadonlyMap<string, Expected>,
): ReadonlyMap<string, number | null> {
  const lit = [...samples].filter(([panelId]) => expected.get(panelId)?.isDaylight)
  if (lit.length === 0) return new Map()
  const scores = scoreRows(forest, featureRows(lit.map(([, sample]) => sample)))
  // Of what nothing is known the forest says 0.
  const scoreOf = (score: number): number | null => (score === 0 ? null : calibratedScore(score, threshold))
  return new Map(lit.map(([panelId], index) => [panelId, scoreOf(scores[index]!)]))
}

/** Follows anomalies from their beginning to their end. */
class AnomalyBook {
  readonly #lasting = new Map<string, FileAnomaly>()
  readonly #over: FileAnomaly[] = []

  take({ change, at, anomaly }: AnomalyChange): void {
    const key = `${anomaly.panelId ?? ''}/${anomaly.kind}/${anomaly.since}`
    const foundAt = this.#lasting.get(key)?.foundAt ?? at + slotMs
    if (change !== 'ended') {
      if (this.#lasting.size + this.#over.length > mostAnomalies)
        throw new FileError(`has more than ${mostAnomalies} anomalies: --map and --rated-w may be wrong`)
      this.#lasting.set(key, { anomaly, foundAt, endedAt: null })
      return
    }
    // What is said at the end names what it was of; its severity is the last that it had.
    const severity = this.#lasting.get(key)?.anomaly.severity ?? anomaly.severity
    this.#lasting.delete(key)
    this.#over.push({ anomaly: { ...anomaly, severity }, foundAt, endedAt: at })
  }

  all(): FileAnomaly[] {
    return [...this.#over, ...this.#lasting.values()].sort((a, b) => a.foundAt - b.foundAt)
  }
}
