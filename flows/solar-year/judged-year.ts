import { detect } from '../../nodes/solar/domain/detectors/detect.ts'
import { emptySiteState } from '../../nodes/solar/domain/detectors/state.ts'
import { expectOf } from '../../nodes/solar/domain/expected-power.ts'
import type { PanelSample, Plant } from '../../nodes/solar/domain/plant.ts'
import { plantOf } from '../../nodes/solar/domain/registered-plant.ts'
import type { FaultLabel } from '../../simulator/plant/fault-kinds.ts'
import type { PlantYear } from '../../simulator/plant/plant-year.ts'
import { SLOT_MS } from '../../simulator/plant/plant-year.ts'
import { CallBook, type Call } from './call.ts'

/** What the detectors made of a year, beside the truth. */
export interface JudgedYear {
  readonly labels: readonly FaultLabel[]
  readonly calls: readonly Call[]
  /** First slot, and the end of the last, UTC milliseconds. */
  readonly from: number
  readonly to: number
  readonly panels: number
}

/** How unlike the healthy history of the site each panel is, slot by slot; nobody says it unless a forest is grown. */
export interface Scorer {
  /** @param samples  of panels that there is light enough to judge by */
  scoresOf(samples: ReadonlyMap<string, PanelSample>): ReadonlyMap<string, number | null>
  /** Takes such samples that no rule doubts, of the slot at an instant. */
  learn(at: number, healthy: readonly PanelSample[]): void
}

const noScorer: Scorer = { scoresOf: () => new Map(), learn: () => {} }

/**
 * Takes a simulated year slot by slot through what the flow runs too: what is expected, then the detectors. The detectors
 * know of the plant what a registry has, never how its panels really are.
 */
export function judgedYear(year: PlantYear, scorer: Scorer = noScorer): JudgedYear {
  const plant = registered(year)
  const book = new CallBook(SLOT_MS)
  let state = emptySiteState
  let [from, to]: [number | undefined, number] = [undefined, 0]
  for (const { at, samples: shown } of year.slots()) {
    const panels = stamped(at, shown)
    const expected = expectOf(plant, at, panels)
    const lit = new Map([...panels].filter(([panelId]) => expected.get(panelId)?.isDaylight))
    const forestScores = scorer.scoresOf(lit)
    const detected = detect(state, { at, panels, expected, forestScores }, plant)
    for (const change of detected.changes) book.take(change)
    const healthy = [...lit].filter(([panelId]) => !detected.condemned.has(panelId))
    scorer.learn(
      at,
      healthy.map(([, sample]) => sample),
    )
    state = detected.state
    from ??= at
    to = at + SLOT_MS
  }
  return { labels: year.labels, calls: book.calls(), from: from ?? 0, to, panels: plant.panels.length }
}

/** The plant as its registry has it. */
export function registered({ plant: { facts, panels } }: PlantYear): Plant {
  const { siteId, place, tiltDeg, azimuthDeg, ratedW, ratedV, gammaPerC, noctC, clipsAtW } = facts
  const site = { siteId, ...place, inverterLimitKw: (clipsAtW * panels.length) / 1000 }
  return plantOf(
    { ...site, tariffBrlKwh: null, cleaningCostBrl: null },
    panels.map(({ id }) => ({
      ...{ panelId: id, ratedKw: ratedW / 1000, tiltDeg, azimuthDeg, gammaPerC, noctC, ratedV, installedAt: null },
    })),
  )
}

const stamped = (at: number, shown: ReadonlyMap<string, Omit<PanelSample, 'at'>>): Map<string, PanelSample> =>
  new Map([...shown].map(([panelId, sample]) => [panelId, { at, ...sample }]))
