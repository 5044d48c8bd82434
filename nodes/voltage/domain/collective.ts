import type { RegulationChoices } from '../../../platform/regulation/options.ts'

/** DRP and DRC of one consumer unit of a sample. */
export interface SampleResult {
  readonly drpPct: number
  readonly drcPct: number
  readonly drcViolated: boolean
}

/** How a sample of consumer units fares as a whole. */
export interface CollectiveIndicators {
  /** Units of the sample that were measured (NL), and those of them with critical voltage (NC). */
  readonly nl: number
  readonly nc: number
  /** Means of DRP and DRC over the sample, %. */
  readonly drpePct: number
  readonly drcePct: number
  /** Share of units with critical voltage, %. */
  readonly iccPct: number
}

/**
 * Collective indicators of a sample: DRPE = Σ DRP / NL, DRCE = Σ DRC / NL, ICC = NC / NL · 100 (PRODIST Módulo 8, Seção 8.1).
 * @param sample  a result a unit, in any order
 * @param counts  the option `voltage-icc-counts`: which units are critical
 * @returns undefined where nothing was measured
 */
export function collectiveOf(
  sample: readonly SampleResult[],
  counts: RegulationChoices['voltage-icc-counts'],
): CollectiveIndicators | undefined {
  const nl = sample.length
  if (nl === 0) return undefined
  const nc = sample.filter(({ drcPct, drcViolated }) => (counts === 'violated' ? drcViolated : drcPct > 0)).length
  return { nl, nc, drpePct: meanOf(sample, 'drpPct'), drcePct: meanOf(sample, 'drcPct'), iccPct: (100 * nc) / nl }
}

/** Summed from the least on, so that the order in which they come does not show in the last digit. */
function meanOf(sample: readonly SampleResult[], name: 'drpPct' | 'drcPct'): number {
  const values = sample.map((result) => result[name]).toSorted((one, other) => one - other)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
