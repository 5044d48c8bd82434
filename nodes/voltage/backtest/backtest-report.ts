import type { Backtest } from './backtest.ts'
import type { Bin, Judgement, Score } from './judgement.ts'

/** Targets: skill on day 3, and the least and the largest share that the interval of breaking times covers. */
const target = { day: 3, skill: 0.2, covers: [0.75, 0.85] } as const

/** Figures as tables, each with what was aimed at. */
export function backtestReport(results: readonly Backtest[], prior: string): string {
  return (
    [
      `Prior learnt from: ${prior}.`,
      ...results.map((result) =>
        [
          `${result.of}: ${result.measurements} measurements`,
          ...(['drp', 'drc'] as const).map((name) => limitReport(name.toUpperCase(), result[name])),
          breakingTimes(result),
          `  A forecast took ${result.forecastMs.toFixed(1)} ms.`,
        ].join('\n\n'),
      ),
    ].join('\n\n\n') + '\n'
  )
}

function limitReport(name: string, judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ day, all, open, interval }) => [
    `day ${day}`,
    ...scoreCells(all),
    ...scoreCells(open),
    interval.cases === 0 ? '–' : `${interval.inside} of ${interval.cases}`,
    interval.cases === 0 ? '–' : percent(interval.inside / interval.cases),
  ])
  const head = [name, 'all', 'broke', 'skill', 'open', 'broke', 'skill', 'in interval', '']
  const third = judgements.find(({ day }) => day === target.day)
  return [
    table([head, ...rows]),
    ...(third
      ? [
          `  Reliability of open measurements after day ${target.day} (forecast → broke):`,
          reliability(third.reliability),
        ]
      : []),
    ...(third
      ? [
          `  Skill on day ${target.day}: ${number(third.all.skill)}, aimed at above ${target.skill}: ${reached((third.all.skill ?? 0) > target.skill)}.`,
        ]
      : []),
  ].join('\n')
}

/** DRP and DRC together: there are few of each. */
function breakingTimes({ drp, drc }: Backtest): string {
  const intervals = [...drp, ...drc].flatMap(({ day, interval }) => (day === target.day ? [interval] : []))
  const sum = (of: (interval: Judgement['interval']) => number): number =>
    intervals.reduce((total, interval) => total + of(interval), 0)
  const cases = sum((interval) => interval.cases)
  if (cases === 0) return `  None of them broke after day ${target.day} that was forecast to.`
  const share = sum((interval) => interval.inside) / cases
  const error = Math.sqrt((share * (1 - share)) / cases)
  const [least, most] = target.covers
  return [
    `  80 % interval of the breaking time, after day ${target.day}, DRP and DRC: covers ${percent(share)} ± ${percent(error)} of ${cases}`,
    `(${sum((interval) => interval.early)} broke before, ${sum((interval) => interval.late)} after),`,
    `aimed at ${percent(least)} to ${percent(most)}: ${reached(share >= least && share <= most)}.`,
  ].join(' ')
}

const reached = (yes: boolean): string => (yes ? 'reached' : 'missed')

const scoreCells = ({ cases, baseRate, skill }: Score): string[] => [String(cases), percent(baseRate), number(skill)]

const reliability = (bins: readonly Bin[]): string =>
  `    ${bins.map(({ cases, forecast, broke }) => `${percent(forecast)} → ${percent(broke)} (${cases})`).join('   ')}`

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`

const number = (value: number | null): string => (value === null ? '–' : value.toFixed(2))

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}`.trimEnd())
    .join('\n')
}
