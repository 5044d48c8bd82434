import { textTable } from '../../../platform/runtime/text-table.ts'
import { coverageOf, type MaintenanceBacktest } from './backtest.ts'

/** What was aimed at: shares of held-out days within the 90 % band. */
const aim = [0.85, 0.95] as const

/** How forecasts did, as a table for persons. */
export function backtestReport(result: MaintenanceBacktest): string {
  const { of, histories, forecasts, bands, crossing } = result
  const head = ['days ahead', 'days held out', 'in the band', 'below', 'above', 'width']
  const rows = bands.map(({ from, until, days, inside, below, above, width }) => [
    `${from} to ${until}`,
    String(days),
    ...[inside, below, above].map((count) => share(count, days)),
    width.toFixed(3),
  ])
  const all = coverageOf(result)
  const [least, most] = aim
  return [
    `Maintenance forecasts of ${histories} ${of}: ${forecasts} forecasts, each from the days before it alone.`,
    textTable([head, ...rows], 2),
    `The 90 % band covers ${share(all.share * all.days, all.days)} of ${all.days} days, aimed at ${100 * least} to ${100 * most} %: ${all.share >= least && all.share <= most ? 'reached' : 'missed'}.`,
    `Threshold: ${share(crossing.inside, crossing.forecasts)} of ${crossing.forecasts} forecasts had the crossing, or that there was none, in their 90 % interval; ${crossing.early} crossed before it, ${crossing.late} after. ${share(crossing.expectedShare, 1)} were expected to cross, ${share(crossing.seenShare, 1)} did.`,
    '',
  ].join('\n\n')
}

const share = (count: number, of: number): string => (of === 0 ? '–' : `${((100 * count) / of).toFixed(1)} %`)
