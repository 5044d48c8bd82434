import type { Plant } from '../plant.ts'
import type { AnomalyChange, AnomalyKind } from './anomaly.ts'
import { outOfRange } from './out-of-range.ts'
import { viewSite, type PanelView } from './panel-view.ts'
import { recommendationsFor } from './recommendation.ts'
import type { Slot } from './slot.ts'
import { emptyPanelState, type PanelState, type SiteState } from './state.ts'
import { unknown, type Verdict } from './verdict.ts'
import { idle, stepWatch, type Delays, type Step, type Watch } from './watch.ts'
import { zeroOutput } from './zero-output.ts'

/** What one slot made of a site. */
export interface Detected {
  readonly state: SiteState
  readonly changes: readonly AnomalyChange[]
  /** Panels that a rule doubts in this slot: what they report is no healthy history. */
  readonly condemned: ReadonlySet<string>
}

interface Rule {
  readonly kind: AnomalyKind
  readonly delays: Delays
  judge(view: PanelView): Verdict
}

/** In the order in which one explains another. */
const rules: readonly Rule[] = [
  { kind: 'out_of_range', delays: { on: 2, off: 12 }, judge: outOfRange },
  { kind: 'zero_output', delays: { on: 3, off: 6 }, judge: zeroOutput },
]

/**
 * Takes the next 5 minutes of a site: which anomalies of its panels begin, change and end. Pure: the same state and slot make
 * the same changes, and neither argument is touched.
 * @throws RangeError if the slot is not after the newest that `state` took
 */
export function detect(state: SiteState, slot: Slot, plant: Plant): Detected {
  if (state.at !== null && slot.at <= state.at) throw new RangeError(`slot ${slot.at} is not after ${state.at}`)
  const views = viewSite(slot, plant, (panelId) => Object.keys(state.panels[panelId]?.watches ?? {}).length === 0)
  const panels: Record<string, PanelState> = {}
  const changes: AnomalyChange[] = []
  const condemned = new Set<string>()
  for (const view of views) {
    const { panelId } = view.panel
    const judged = judgePanel(state.panels[panelId] ?? emptyPanelState, view)
    panels[panelId] = judged.state
    changes.push(...judged.changes)
    if (Object.keys(judged.state.watches).length > 0) condemned.add(panelId)
  }
  return { state: { ...state, at: slot.at, panels }, changes, condemned }
}

function judgePanel(state: PanelState, view: PanelView): { state: PanelState; changes: AnomalyChange[] } {
  const changes: AnomalyChange[] = []
  const watches: Partial<Record<AnomalyKind, Watch>> = {}
  let isExplained = false
  for (const { kind, delays, judge } of rules) {
    const before = state.watches[kind] ?? idle
    const verdict = isExplained ? unknown : judge(view)
    const step = stepWatch(before, verdict, view.at, delays)
    if (step.watch !== idle) watches[kind] = step.watch
    if (verdict.says === 'holds' || step.watch.said) isExplained = true
    changes.push(...changeOf(kind, before, step, view))
  }
  return { state: { ...state, watches }, changes }
}

function changeOf(kind: AnomalyKind, before: Watch, { watch, change }: Step, view: PanelView): AnomalyChange[] {
  if (!change) return []
  const { said, since } = change === 'ended' ? before : watch
  const { siteId, panelId } = view.panel
  const isDaylight = view.expected?.isDaylight ?? false
  const anomaly = {
    ...{ siteId, panelId, panelIds: [panelId], kind, since: since!, severity: said!.severity },
    ...{ evidence: said!.evidence, recommendations: recommendationsFor(kind, view.sample, isDaylight) },
  }
  return [{ change, at: view.at, anomaly }]
}
