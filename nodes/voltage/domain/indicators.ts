import { transgressionOn } from './transgression.ts'
import { phases, type PerPhase, type Phase } from './sample.ts'

/** Valid windows of a measurement in each band, by phase; null for a phase that is not there. */
export interface BandCounts {
  readonly precarious: PerPhase<number>
  readonly critical: PerPhase<number>
}

/** What a measurement says, or has said so far. */
export interface VoltageIndicators {
  /** Windows in the precarious and in the critical band, of the phase with most of them: each of its own phase. */
  readonly nlp: number
  readonly nlc: number
  /** That phase, the first of those with as many; null where no window lies there. */
  readonly nlpPhase: Phase | null
  readonly nlcPhase: Phase | null
  /** Of all the windows that make up a measurement, also where it is not complete: what of its budget is used. */
  readonly drpPct: number
  readonly drcPct: number
  /** Above the limit, not at it. */
  readonly drpViolated: boolean
  readonly drcViolated: boolean
}

/**
 * DRP and DRC of a measurement, the maxima over the phases taken separately (PRODIST Módulo 8, items 27 and 28).
 * @param day  civil day that says which rule holds, `YYYY-MM-DD`
 * @throws RangeError where a count is none, NoRule where no rule is known for the day
 */
export function indicatorsOf({ precarious, critical }: BandCounts, day: string): VoltageIndicators {
  const { windows, drpLimitPct, drcLimitPct } = transgressionOn(day).value
  const [nlp, nlpPhase] = most('precarious', precarious, windows)
  const [nlc, nlcPhase] = most('critical', critical, windows)
  const [drpPct, drcPct] = [(100 * nlp) / windows, (100 * nlc) / windows]
  return {
    ...{ nlp, nlc, nlpPhase, nlcPhase, drpPct, drcPct },
    drpViolated: drpPct > drpLimitPct,
    drcViolated: drcPct > drcLimitPct,
  }
}

function most(band: string, counts: PerPhase<number>, windows: number): [number, Phase | null] {
  let [highest, worst]: [number, Phase | null] = [0, null]
  for (const [index, phase] of phases.entries()) {
    const count = counts[index] ?? 0
    if (!(Number.isInteger(count) && count >= 0 && count <= windows))
      throw new RangeError(`${band} windows of phase ${phase}: ${count} is not a whole number from 0 to ${windows}`)
    if (count > highest) [highest, worst] = [count, phase]
  }
  return [highest, worst]
}
