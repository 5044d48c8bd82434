import type { Database } from '../../platform/storage/database.ts'
import type { Quality } from '../../platform/wire/reading.ts'
import { FrequencyWatch, type FrequencyExcursion, type FrequencyRule } from './domain/frequency.ts'
import { windowQualities, type QualityRules, type QualitySample, type WindowQuality } from './domain/power-quality.ts'
import type { PerPhase } from './domain/sample.ts'
import { windowMs, windowStart } from './domain/windows.ts'
import { qualityRows, type InstrumentValues, type MeterOfUnit, type QualityRow } from './power-quality-repository.ts'

/** A meter for a time, and the windows of it that count: their beginnings, UTC milliseconds. */
export interface JudgedMeter extends MeterOfUnit {
  readonly valid: ReadonlySet<number>
}

export interface SupplyRules extends QualityRules {
  readonly frequency: FrequencyRule
  /** Readings of these qualities cover nothing. */
  readonly without: readonly Quality[]
}

export interface SupplyQuality {
  /** Of windows that count, oldest first. */
  readonly windows: readonly WindowQuality[]
  /** Over the whole time, whatever counts. */
  readonly excursions: readonly FrequencyExcursion[]
}

/** Readings that are in memory together: of four hours, so that a meter that reports each second holds nobody up for long. */
const chunkMs = 24 * windowMs

/**
 * What stored readings tell of the supply beside the voltage. Computed when it is asked for: readings are kept for years, so a
 * copy of it would only be one more thing to correct when readings come late.
 */
export async function supplyQuality(
  database: Database,
  meters: readonly JudgedMeter[],
  rules: SupplyRules,
): Promise<SupplyQuality> {
  const windows: WindowQuality[] = []
  const watch = new FrequencyWatch(rules.frequency)
  for (const { deviceKey, from, until, valid } of meters) {
    for (let begin = windowStart(from); begin < until; begin += chunkMs) {
      const end = Math.min(begin + chunkMs, until)
      const samples = (await qualityRows(database, deviceKey, begin, end, rules.without)).map(sampleOf)
      for (const one of windowQualities(samples, rules, begin, end)) if (valid.has(one.start)) windows.push(one)
      for (const { at, intervalMs, frequencyHz: hz } of samples)
        if (hz !== null && at > from && at <= end) watch.take({ at, intervalMs, hz })
    }
  }
  return { windows, excursions: watch.excursions() }
}

const sampleOf = ([at, intervalS, va, vb, vc, kw, kvar, hz, instrument]: QualityRow): QualitySample => ({
  ...{ at, intervalMs: intervalS * 1_000, volts: [va, vb, vc], activeKw: kw, reactiveKvar: kvar, frequencyHz: hz },
  ...(instrument && instrumentPart(instrument)),
})

const instrumentPart = (of: InstrumentValues): Pick<QualitySample, 'unbalancePct' | 'byPhase'> => ({
  unbalancePct: of.unbalance_pct ?? null,
  byPhase: {
    dtt: perPhase(of.dtt_a_pct, of.dtt_b_pct, of.dtt_c_pct),
    dttp: perPhase(of.dttp_a_pct, of.dttp_b_pct, of.dttp_c_pct),
    dtti: perPhase(of.dtti_a_pct, of.dtti_b_pct, of.dtti_c_pct),
    dtt3: perPhase(of.dtt3_a_pct, of.dtt3_b_pct, of.dtt3_c_pct),
    pst: perPhase(of.pst_a_pu, of.pst_b_pu, of.pst_c_pu),
  },
})

const perPhase = (a?: number, b?: number, c?: number): PerPhase<number> => [a ?? null, b ?? null, c ?? null]
