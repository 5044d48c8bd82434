import type { Plant } from '../plant.ts'
import type { AnomalyChange } from './anomaly.ts'
import { endOfGone, judgePanel } from './judge-panel.ts'
import { judgeSite } from './judge-site.ts'
import { viewSite } from './panel-view.ts'
import type { Slot } from './slot.ts'
import { emptyPanelState, stateVersion, type PanelState, type SiteState } from './state.ts'

/** What one slot made of a site. */
export interface Detected {
  readonly state: SiteState
  readonly changes: readonly AnomalyChange[]
  /** Panels that a rule doubts in this slot: what they report is no healthy history. */
  readonly condemned: ReadonlySet<string>
}

/**
 * Takes the next 5 minutes of a site: which anomalies of its panels begin, change and end. Pure: the same state and slot make
 * the same changes, and neither argument is touched.
 * @param state  what the slot before left, or `emptySiteState`
 * @throws RangeError if the slot is not after the newest that `state` took, or the state is of another version
 */
export function detect(state: SiteState, slot: Slot, plant: Plant): Detected {
  if (state.version !== stateVersion) throw new RangeError(`state of version ${state.version}, not ${stateVersion}`)
  if (state.at !== null && slot.at <= state.at) throw new RangeError(`slot ${slot.at} is not after ${state.at}`)
  const isTrusted = (panelId: string) => isEmpty(state.panels[panelId]?.watches ?? {})
  const views = viewSite(slot, plant, isTrusted)
  const site = judgeSite(state, views, plant, slot.at)
  const panels: Record<string, PanelState> = {}
  const changes: AnomalyChange[] = [...site.changes]
  const condemned = new Set<string>()
  for (const view of views) {
    const { panelId } = view.panel
    const before = state.panels[panelId] ?? emptyPanelState
    const judged = judgePanel(before, view, slot.forestScores.get(panelId) ?? null, site.isExplained)
    panels[panelId] = judged.state
    changes.push(...judged.changes)
    if (judged.isCondemned) condemned.add(panelId)
  }
  changes.push(...changesOfGone(state, plant, slot.at))
  return { state: { ...site.state, version: stateVersion, at: slot.at, panels }, changes, condemned }
}

/** Anomalies of panels that the plant has no more are over. */
const changesOfGone = ({ panels }: SiteState, plant: Plant, at: number): AnomalyChange[] => {
  const there = new Set(plant.panels.map(({ panelId }) => panelId))
  return Object.entries(panels).flatMap(([panelId, state]) =>
    there.has(panelId) ? [] : endOfGone(state, plant.siteId, panelId, at),
  )
}

const isEmpty = (watches: object): boolean => Object.keys(watches).length === 0
