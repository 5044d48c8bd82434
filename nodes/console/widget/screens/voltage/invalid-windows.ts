import type { Formats } from '../../formats.ts'
import { filled } from '../screen-words.ts'
import type { Evidence, UnitWindow } from './voltage-answers.ts'
import type { VoltageWord } from './voltage-words.ts'

/** The windows of a week that count in no measurement, the newest first. */
export const invalidAmong = (windows: readonly UnitWindow[]): UnitWindow[] =>
  windows.filter(({ valid }) => !valid).toReversed()

/** What shows that a window is invalid, in the words of the user; empty where nothing is told. */
export function evidenceText(
  evidence: Evidence | null,
  words: Readonly<Record<VoltageWord, string>>,
  formats: Formats,
): string {
  const { phase, timestamp, volts, durationMs, eventId, coverage } = evidence ?? {}
  return [
    phase !== undefined && filled(words.phase, { phase }),
    volts !== undefined && filled(words.lowest, { volts: formats.tenths(volts) }),
    timestamp !== undefined && formats.time(Date.parse(timestamp)),
    durationMs !== undefined && filled(words.lasted, { duration: formats.lag(durationMs) }),
    coverage !== undefined && filled(words.covered, { share: formats.percent(coverage) }),
    eventId !== undefined && filled(words.eventOf, { event: eventId }),
  ]
    .filter((part) => part !== false)
    .join(' · ')
}
