import { unusualFrom } from '../forest/calibration.ts'
import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'

/** On the scale of `calibratedScore`, on which most of a healthy history lies far below: what lasts is over only there. */
const overBelow = 0.6

/** The isolation forest finds a panel unlike the healthy history of its site, and no rule says why. */
export function unusual({ isJudged }: PanelView, score: number | null, isLasting: boolean): Verdict {
  if (!isJudged || score === null) return unknown
  if (score < (isLasting ? overBelow : unusualFrom)) return clear
  return holds('low', { feature: 'forest_score', value: score, expected: unusualFrom, unit: '1' })
}
