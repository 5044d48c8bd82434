import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'

/** Scores of a healthy history rarely pass 0.6; half of all lie below 0.5 (Liu, Ting and Zhou 2008). */
const unusualFrom = { on: 0.7, off: 0.6 }

/** The isolation forest finds a panel unlike the healthy history of its site, and no rule says why. */
export function unusual({ isJudged }: PanelView, score: number | null, isLasting: boolean): Verdict {
  if (!isJudged || score === null) return unknown
  if (score < (isLasting ? unusualFrom.off : unusualFrom.on)) return clear
  return holds('low', { feature: 'forest_score', value: score, expected: unusualFrom.on, unit: '1' })
}
