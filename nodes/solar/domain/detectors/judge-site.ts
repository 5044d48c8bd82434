import type { Plant } from '../plant.ts'
import type { Anomaly, AnomalyChange } from './anomaly.ts'
import { wrongClock } from './clock.ts'
import { inverterTrip } from './dark-site.ts'
import type { PanelView } from './panel-view.ts'
import { recommendationsFor } from './recommendation.ts'
import { generatedShare, rememberShare } from './site-memory.ts'
import type { SiteState, Watches } from './state.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'
import { idle, stepWatch, type Delays, type Step, type Watch } from './watch.ts'

/** What of a slot is of the whole site. */
export interface JudgedSite {
  readonly state: Pick<SiteState, 'watches' | 'memory'>
  readonly changes: readonly AnomalyChange[]
  /** What panels show is explained by the site: no rule of panels is to be asked. */
  readonly isExplained: boolean
}

type SiteKind = 'clock' | 'inverter_trip'
const delays: Readonly<Record<SiteKind, Delays>> = {
  clock: { on: 3, off: 14 * 12 },
  inverter_trip: { on: 2, off: 2 },
}

/** Takes one slot through the rules that are of a site. */
export function judgeSite(state: SiteState, views: readonly PanelView[], plant: Plant, at: number): JudgedSite {
  const watches: Partial<Record<SiteKind, Watch>> = {}
  const changes: AnomalyChange[] = []
  let isExplained = false
  const take = (kind: SiteKind, judge: (watch: Watch) => Verdict) => {
    const before = state.watches[kind] ?? idle
    const verdict = isExplained ? unknown : judge(before)
    const step = stepWatch(before, verdict, at, delays[kind])
    if (step.watch !== idle) watches[kind] = step.watch
    isExplained ||= step.watch.said !== null || verdict.says === 'holds'
    changes.push(...changeOf(kind, before, step, views, plant, at))
  }
  take('clock', () => siteClock(state, views))
  take('inverter_trip', ({ held }) => inverterTrip(views, state.memory, held > 0))
  return {
    state: { watches: watches as Watches, memory: rememberShare(state.memory, generatedShare(views), at) },
    ...{ changes, isExplained },
  }
}

/** Half of the panels that report, two at least, generate by night: the clock is of what stamps all of them. */
function siteClock(state: SiteState, views: readonly PanelView[]): Verdict {
  const verdicts = views.map((view) =>
    wrongClock(view, state.panels[view.panel.panelId]?.repeats.powerW?.value === view.sample?.powerW),
  )
  const found = verdicts.filter(({ says }) => says === 'holds')
  const told = verdicts.filter(({ says }) => says !== 'unknown').length
  if (told === 0) return unknown
  if (found.length < 2 || found.length < told / 2) return clear
  const first = found[0]!
  return first.says === 'holds' ? holds('medium', ...first.findings) : unknown
}

function changeOf(
  kind: SiteKind,
  before: Watch,
  { watch, change }: Step,
  views: readonly PanelView[],
  { siteId, panels }: Plant,
  at: number,
): AnomalyChange[] {
  if (!change) return []
  const { said, since } = change === 'ended' ? before : watch
  const anomaly: Anomaly = {
    ...{ siteId, panelId: null, panelIds: panels.map(({ panelId }) => panelId), kind, since: since! },
    ...{ severity: said!.severity, evidence: said!.evidence },
    recommendations: recommendationsFor(kind, views[0]?.sample ?? null, false),
  }
  return [{ change, at, anomaly }]
}
