import type { Judgement } from './judgement.ts'
import type { Estimate, KindScore } from './kind-score.ts'

/** The judgement as people read it. */
export function judgeReport({
  seeds,
  panelMonths,
  kinds,
  falseAlarms,
  calledOtherwise,
  wronglyCalled,
}: Judgement): string {
  const lines = [
    `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}: ${panelMonths.toFixed(0)} panel-months`,
    '',
    [
      'kind',
      'faults',
      'found',
      'missed',
      'wrong',
      'precision',
      'recall',
      'F1',
      'delay, median',
      'delay, 90 %',
      'again',
    ],
    ...kinds.map(row),
  ]
  const widths = columnWidths(lines.filter((line) => Array.isArray(line)))
  const table = lines.map((line) =>
    typeof line === 'string'
      ? line
      : line
          .map((cell, index) => cell.padEnd(widths[index]!))
          .join('  ')
          .trimEnd(),
  )
  return [
    ...table,
    '',
    `false alarms: ${falseAlarms.count}, ${falseAlarms.perPanelMonth.toFixed(4)} a panel and month${listed(falseAlarms.byName)}`,
    ...Object.entries(calledOtherwise).map(([fault, names]) => `${fault} is also called${listed(names)}`),
    ...Object.entries(wronglyCalled).map(([name, faults]) => `${name} is called wrongly on${listed(faults)}`),
    '',
  ].join('\n')
}

function row({
  kind,
  episodes,
  found,
  missed,
  wrong,
  precision,
  recall,
  f1,
  delayHours,
  repeats,
}: KindScore): string[] {
  return [
    kind,
    ...[episodes, found, missed, wrong].map(String),
    ...[precision, recall, f1].map(written),
    delayHours ? duration(delayHours.median) : '–',
    delayHours ? duration(delayHours.p90) : '–',
    String(repeats),
  ]
}

const written = (estimate: Estimate | null): string =>
  estimate ? `${estimate.value.toFixed(3)} (${estimate.low.toFixed(2)}–${estimate.high.toFixed(2)})` : '–'

const duration = (hours: number): string =>
  hours < 1 ? `${Math.round(hours * 60)} min` : hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`

const listed = (counts: Readonly<Partial<Record<string, number>>>): string => {
  const words = Object.entries(counts).map(([word, count]) => `${word} ${count}`)
  return words.length === 0 ? '' : `: ${words.join(', ')}`
}

const columnWidths = (rows: readonly string[][]): number[] =>
  rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)))
