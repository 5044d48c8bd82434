import { judged, type Judgement } from '../solar-year/judgement.ts'
import { judgeReport } from '../solar-year/judge-report.ts'
import type { JudgedYear } from '../solar-year/judged-year.ts'

export interface Week {
  readonly seed: number
  /** What was wrong, and what the flow called. */
  readonly seen: JudgedYear
  /** Readings that the broker took, and those in the database. */
  readonly sent: number
  readonly stored: number
  /** By reason; what an out-of-range fault makes a panel send stands there. */
  readonly quarantined: Readonly<Record<string, number>>
  /** How long it took, ms of the machine. */
  readonly machineMs: number
}

export const judgementOf = ({ seed, seen }: Week): Judgement => judged([seed], [seen])

/** The week as people read it. */
export function report(week: Week): string {
  const { sent, stored, quarantined, machineMs, seen } = week
  const hours = (seen.to - seen.from) / 3_600_000
  const refused = Object.entries(quarantined).map(([reason, count]) => `${count} ${reason}`)
  return [
    `${hours.toFixed(0)} h of ${seen.panels} panels in ${(machineMs / 60_000).toFixed(1)} min: ${sent} readings sent, ${stored} stored,`,
    `in quarantine ${refused.join(', ') || 'none'}; ${(stored / (machineMs / 1_000)).toFixed(0)} a second`,
    '',
    judgeReport(judgementOf(week)),
  ].join('\n')
}

/** What must not be, in words. */
export function faultsOf(week: Week): string[] {
  const { kinds, falseAlarms } = judgementOf(week)
  const known = Object.values(week.quarantined).reduce((sum, count) => sum + count, week.stored)
  return [
    ...(known === week.sent ? [] : [`${week.sent} readings were sent, ${known} are stored or in quarantine`]),
    ...kinds.filter(({ missed }) => missed > 0).map(({ kind, missed }) => `${kind} of ${missed} panels was not found`),
    ...(falseAlarms.count === 0 ? [] : [`${falseAlarms.count} calls of panels that had nothing`]),
  ]
}
