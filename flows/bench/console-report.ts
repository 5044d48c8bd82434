import type { ConsoleFigures, ConsoleRow, OperatorFigures } from './console-figures.ts'
import { digits, layOut } from './table.ts'

export function consoleReport({ devices, minutes, quiet, loaded, rows }: ConsoleFigures): string[] {
  const paints = [['nothing else', quiet] as const, ...(loaded ? [['under load', loaded] as const] : [])]
  const operator = rows.find((row) => row.operator)?.operator
  return [
    `Console: ${digits(rows[0]?.run.asked.perSecond)} readings/s of ${digits(devices)} devices, without it open and with it for ${digits(minutes)} minutes, somebody working in it`,
    ...ingestLines(rows),
    ...layOut(
      ['until something is shown, ms', 'empty page', 'overview', 'more'],
      paints.map(([name, { emptyMs, overviewMs }]) => [
        name,
        ...[emptyMs, overviewMs, overviewMs - emptyMs].map((ms) => digits(ms)),
      ]),
    ),
    ...(operator ? operatorLines(operator) : []),
    'Node-RED, database: processor seconds a million readings; where browser and load share the machine, latencies tell of that',
    'interactions: clicks and keys, to the next frame that shows what came of them (Event Timing); memory: of scripts in the browser, after garbage was collected',
  ]
}

function ingestLines(rows: readonly ConsoleRow[]): string[] {
  const ratio = (of: (row: ConsoleRow) => number | undefined): number => {
    const mean = (those: readonly ConsoleRow[]): number =>
      those.reduce((sum, row) => sum + (of(row) ?? NaN), 0) / those.length
    return mean(rows.filter(({ operator }) => operator)) / mean(rows.filter(({ operator }) => !operator))
  }
  const [rate, p50] = [ratio(({ run }) => run.perSecond), ratio(({ run }) => run.latency?.p50)]
  const [p99, cpu] = [ratio(({ run }) => run.latency?.p99), ratio(({ run }) => run.cpu.nodeRed)]
  return [
    ...layOut(
      ['', 'readings/s', 'lost', 'p50 ms', 'p99 ms', 'Node-RED', 'database', 'peak MB'],
      rows.map(({ run, operator }) => [
        operator ? 'with the console open' : 'without',
        ...[digits(run.perSecond), digits(run.lost), digits(run.latency?.p50), digits(run.latency?.p99)],
        ...[digits(run.cpu.nodeRed, 1), digits(run.cpu.database, 1), digits(run.peakMb)],
      ]),
    ),
    ...layOut(
      ['with to without', 'rate ×', 'p50 ×', 'p99 ×', 'Node-RED ×'],
      [['', digits(rate, 3), digits(p50, 2), digits(p99, 2), digits(cpu, 2)]],
    ),
  ]
}

const operatorLines = (operator: OperatorFigures): string[] => [
  ...layOut(
    ['interactions', 'p50 ms', 'p95 ms', 'longest ms', 'memory MB', 'most', 'at end', 'a minute'],
    [
      [
        ...[digits(operator.interactions), digits(operator.p50), digits(operator.p95), digits(operator.longestMs)],
        ...[operator.startMb, operator.mostMb, operator.endMb].map((mb) => digits(mb, 1)),
        digits(operator.mbPerMinute, 2),
      ],
    ],
  ),
  `longest: ${operator.longest}`,
]
