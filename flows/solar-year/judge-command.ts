import type { FaultKind } from '../../simulator/plant/fault-kinds.ts'
import { usualEpisodes } from '../../simulator/plant/fault-plan.ts'
import { usualFacts } from '../../simulator/plant/plant-layout.ts'
import type { YearOptions } from '../../simulator/plant/plant-year.ts'
import { judgeReport } from './judge-report.ts'
import { judgeUsage, readJudgeFlags, type JudgeFlags } from './judge-flags.ts'
import { judgement } from './judgement.ts'
import { WeeklyForest } from './weekly-forest.ts'

/** Days of the year on which `--odd covered-days` covers all panels. */
const coveredDays = [40, 41, 95, 190, 191, 192, 260, 330]
/** `--odd wrong-clock`: three panels two hours ahead, as one whose time zone nobody set. */
const wrongClock = { clockAheadMinutes: 120, panels: [4, 17, 31] }

/**
 * The command line `solar -- judge`.
 * @param tell  how far it is, a line a year
 * @returns what is to be printed
 * @throws BadFlag
 */
export function judgeCommand(args: readonly string[], tell: (line: string) => void): string {
  const flags = readJudgeFlags(args)
  if (!flags) return judgeUsage
  const forest = flags.forest ? () => new WeeklyForest(usualFacts.siteId) : undefined
  const judged = judgement(flags.seeds, yearOptions(flags), forest, (seed, { labels, calls }) =>
    tell(`seed ${seed}: ${labels.length} labels, ${calls.length} calls`),
  )
  return flags.json ? `${JSON.stringify(judged, null, 2)}\n` : judgeReport(judged)
}

function yearOptions({ days, panels, faults, odd }: JudgeFlags): YearOptions {
  const only =
    faults && (Object.fromEntries(faults.map((kind) => [kind, usualEpisodes[kind]])) as Record<FaultKind, number>)
  return {
    ...{ days, panels, pyranometer: odd.has('pyranometer'), missingSensors: odd.has('missing-sensors') },
    ...(odd.has('no-faults') ? { faults: 'none' } : only && { faults: only }),
    ...(odd.has('covered-days') && { coveredDays }),
    ...(odd.has('wrong-clock') && {
      clockAheadMinutes: wrongClock.clockAheadMinutes,
      wrongClockPanels: wrongClock.panels,
    }),
  }
}
