import type { ConsoleFigures } from './console-figures.ts'
import { digits, layOut } from './table.ts'

export function consoleReport({ devices, minutes, quiet, loaded, rows }: ConsoleFigures): string[] {
  const alone = rows.filter(({ operator }) => !operator)
  const beside = rows.find(({ operator }) => operator)
  const mean = (of: (row: (typeof rows)[number]) => number | undefined): number =>
    alone.reduce((sum, row) => sum + (of(row) ?? NaN), 0) / alone.length
  const ratio = (of: (row: (typeof rows)[number]) => number | undefined): number =>
    beside ? (of(beside) ?? NaN) / mean(of) : NaN
  const paints = [['nothing else', quiet] as const, ...(loaded ? [['under load', loaded] as const] : [])]
  const operator = beside?.operator
  return [
    `Console: ${digits(rows[0]?.run.asked.perSecond)} readings/s of ${digits(devices)} devices, without it open and with it for ${digits(minutes)} minutes, somebody working in it`,
    ...layOut(
      ['', 'readings/s', 'lost', 'p50 ms', 'p99 ms', 'peak MB'],
      rows.map(({ run, operator: open }) => [
        open ? 'with the console open' : 'without',
        ...[digits(run.perSecond), digits(run.lost), digits(run.latency?.p50), digits(run.latency?.p99)],
        digits(run.peakMb),
      ]),
    ),
    ...layOut(
      ['with to without', 'rate ×', 'p50 ×', 'p99 ×'],
      [
        [
          '',
          digits(
            ratio(({ run }) => run.perSecond),
            3,
          ),
          digits(
            ratio(({ run }) => run.latency?.p50),
            2,
          ),
          digits(
            ratio(({ run }) => run.latency?.p99),
            2,
          ),
        ],
      ],
    ),
    ...layOut(
      ['until something is shown, ms', 'empty page', 'overview', 'more'],
      paints.map(([name, { emptyMs, overviewMs }]) => [
        name,
        ...[digits(emptyMs), digits(overviewMs), digits(overviewMs - emptyMs)],
      ]),
    ),
    ...(operator
      ? [
          ...layOut(
            ['interactions', 'p50 ms', 'p95 ms', 'longest ms', 'memory MB', 'most', 'at end', 'a minute'],
            [
              [
                digits(operator.interactions),
                ...[digits(operator.p50), digits(operator.p95), digits(operator.longestMs)],
                ...[digits(operator.startMb, 1), digits(operator.mostMb, 1), digits(operator.endMb, 1)],
                digits(operator.mbPerMinute, 2),
              ],
            ],
          ),
          `longest: ${operator.longest}`,
        ]
      : []),
    'interactions: clicks and keys, to the next frame that shows what came of them (Event Timing); memory: of scripts in the browser, after garbage was collected',
  ]
}
