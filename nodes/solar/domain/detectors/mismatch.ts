import type { PanelView } from './panel-view.ts'
import { clear, holds, severityOfLoss, unknown, type Verdict } from './verdict.ts'

/** Share of what it should give below which a panel lags behind its siblings, and above which it keeps up again. */
const lags = { on: 0.85, off: 0.92 }
const leastWm2 = 250

/** A panel gives less than its siblings, and no other rule says why. @param usual  what it gives when it is well, of theirs */
export function mismatch(
  { isJudged, power, expected, siblings, sample, wantedW }: PanelView,
  usual: number,
  isLasting: boolean,
): Verdict {
  if (!isJudged || power === null || siblings < 3 || expected!.irradianceWm2 < leastWm2) return unknown
  const ratio = power / usual
  if (ratio >= (isLasting ? lags.off : lags.on)) return clear
  return holds(
    severityOfLoss(1 - ratio),
    { feature: 'power_ratio', value: ratio, expected: 1, unit: '1' },
    { feature: 'power_w', value: sample!.powerW!, expected: wantedW * usual, unit: 'W' },
  )
}
