import type { Anomaly, AnomalyChange, AnomalyKind } from './anomaly.ts'
import { rememberHealth, rememberSlot } from './panel-memory.ts'
import { panelRules, type Case, type Rule } from './panel-rules.ts'
import type { PanelView } from './panel-view.ts'
import { recommendationsFor } from './recommendation.ts'
import type { PanelState } from './state.ts'
import { unknown, type Verdict } from './verdict.ts'
import { idle, stepWatch, type Step, type Watch } from './watch.ts'

export interface JudgedPanel {
  readonly state: PanelState
  readonly changes: readonly AnomalyChange[]
  /** Whether a rule doubts what the panel reports in this slot. */
  readonly isCondemned: boolean
}

/** Kinds whose first doubt keeps a slot out of the day that is learned from; others once they are sure, but for those that show in days. */
const atOnce: ReadonlySet<AnomalyKind> = new Set(['clock', 'out_of_range', 'stuck_value', 'string_open', 'zero_output'])
const inDays: ReadonlySet<AnomalyKind> = new Set([
  'hot_panel',
  'shading',
  'soiling',
  'degradation',
  'mismatch',
  'unusual',
])
/** Kinds that only say that something is wrong: over once another says what. */
const vague: ReadonlySet<AnomalyKind> = new Set(['mismatch', 'unusual'])

/**
 * Takes one slot of one panel through all rules.
 * @param isExplained  what the panel shows is of its whole site, so that no rule of panels is asked
 */
export function judgePanel(
  before: PanelState,
  view: PanelView,
  forestScore: number | null,
  isExplained: boolean,
): JudgedPanel {
  const isRepeated = view.sample !== null && before.repeats.powerW?.value === view.sample.powerW
  const { state, closed } = rememberSlot(before, view)
  const case_: Case = { view, state, closed, isRepeated, forestScore }
  const watches: Partial<Record<AnomalyKind, Watch>> = {}
  const changes: AnomalyChange[] = []
  let cause: AnomalyKind | null = null
  for (const rule of panelRules) {
    const watch = before.watches[rule.kind] ?? idle
    const step = stepRule(
      rule,
      watch,
      case_,
      isExplained || (cause !== null && (rule.isSymptomOf?.has(cause) ?? true)),
      cause,
    )
    if (step.watch !== idle) watches[rule.kind] = step.watch
    if (!rule.isSymptomOf && (step.isHeld || step.watch.said)) cause ??= rule.kind
    changes.push(...changeOf(rule.kind, watch, step, view))
  }
  const isDoubted =
    isExplained ||
    panelRules.some(({ kind }) => watches[kind] && !inDays.has(kind) && (atOnce.has(kind) || watches[kind].said))
  return {
    state: { ...(isDoubted ? state : rememberHealth(state, view)), watches },
    ...{ changes, isCondemned: isExplained || Object.keys(watches).length > 0 },
  }
}

function stepRule(
  rule: Rule,
  watch: Watch,
  case_: Case,
  isSilent: boolean,
  cause: AnomalyKind | null,
): Step & { readonly isHeld: boolean } {
  const { at } = case_.view
  if (isSilent && watch.said && cause !== null && vague.has(rule.kind))
    return { watch: idle, change: 'ended', isHeld: false }
  const verdict: Verdict = isSilent ? unknown : rule.judge(case_, watch.said)
  return { ...stepWatch(watch, verdict, at, rule.delays), isHeld: verdict.says === 'holds' }
}

/** What lasted of a panel that is gone ends. */
export const endOfGone = ({ watches }: PanelState, siteId: string, panelId: string, at: number): AnomalyChange[] =>
  panelRules.flatMap(({ kind }) => {
    const watch = watches[kind]
    return watch?.said
      ? [
          {
            change: 'ended',
            at,
            anomaly: anomalyOf(kind, watch, siteId, panelId, recommendationsFor(kind, null, false)),
          },
        ]
      : []
  })

function changeOf(kind: AnomalyKind, before: Watch, { watch, change }: Step, view: PanelView): AnomalyChange[] {
  if (!change) return []
  const { siteId, panelId } = view.panel
  const recommendations = recommendationsFor(kind, view.sample, view.isJudged)
  const anomaly = anomalyOf(kind, change === 'ended' ? before : watch, siteId, panelId, recommendations)
  return [{ change, at: view.at, anomaly }]
}

const anomalyOf = (
  kind: AnomalyKind,
  { said, since }: Watch,
  siteId: string,
  panelId: string,
  recommendations: Anomaly['recommendations'],
): Anomaly => ({
  ...{ siteId, panelId, panelIds: [panelId], kind, since: since! },
  ...{ severity: said!.severity, evidence: said!.evidence, recommendations },
})
