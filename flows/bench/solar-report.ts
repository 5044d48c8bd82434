import type { SolarFigures, SolarRow } from './solar-figures.ts'
import { digits, layOut } from './table.ts'

/** The ingest with scoring beside it to the ingest without, of the same run: a busy machine is as busy for both. */
export function solarRatios(rows: readonly SolarRow[]): {
  rate: number
  p50: number
  p99: number
  moreCores: number
} {
  const mean = (scored: boolean, of: (row: SolarRow) => number | undefined): number => {
    const those = rows.filter(({ scoring }) => (scoring !== undefined) === scored)
    return those.reduce((sum, row) => sum + (of(row) ?? NaN), 0) / those.length
  }
  const ratio = (of: (row: SolarRow) => number | undefined): number => mean(true, of) / mean(false, of)
  return {
    rate: ratio(({ run }) => run.perSecond),
    p50: ratio(({ run }) => run.latency?.p50),
    p99: ratio(({ run }) => run.latency?.p99),
    moreCores: mean(true, ({ cores }) => cores) - mean(false, ({ cores }) => cores),
  }
}

export function solarReport({ training, rows }: SolarFigures): string[] {
  const { rate, p50, p99, moreCores } = solarRatios(rows)
  return [
    `Solar panels: ${digits(rows[0]?.run.asked.perSecond)} readings/s taken in, without scoring and with, in turns`,
    ...layOut(
      [
        '',
        ...['readings/s', 'lost', 'p50 ms', 'p99 ms', 'Node-RED cores'],
        ...['scored/s', 'not scored', 'batch p50', 'p99', 'main thread %'],
      ],
      rows.map(({ run, cores, scoring }) => [
        scoring ? 'with scoring' : 'without',
        ...[digits(run.perSecond), digits(run.lost), digits(run.latency?.p50), digits(run.latency?.p99)],
        ...[digits(cores, 2), digits(scoring?.perSecond), digits(scoring && scoring.asked - scoring.scored)],
        ...[digits(scoring?.p50), digits(scoring?.p99), digits(scoring && scoring.mainShare * 100, 2)],
      ]),
    ),
    ...layOut(
      ['with scoring to without', 'rate ×', 'p50 ×', 'p99 ×', 'more cores'],
      [['', digits(rate, 3), digits(p50, 2), digits(p99, 2), digits(moreCores, 2)]],
    ),
    `a forest of 200 trees and its threshold, of ${digits(training.samples)} samples: ${digits(training.ms)} ms, ${digits(training.bytes / 1_000)} kB as stored`,
    'scored in a thread of Node-RED’s own process, in batches of a fifth of a second; batch: from when it is due to its scores, ms',
  ]
}
