import type { PaidCompensation, Quarter, QuarterIndicators, SampledUnit } from './official-export.ts'

/** A unit whose indicators are not the same in a file and here, each null where it is absent. */
export interface UnitDifference extends Quarter {
  readonly unitId: string
  readonly file: Omit<SampledUnit, 'unitId'> | null
  readonly here: Omit<SampledUnit, 'unitId'> | null
}

export interface IndicatorComparison {
  /** Units of the file. */
  readonly units: number
  readonly equal: number
  readonly differences: readonly UnitDifference[]
  /** Quarters whose ICC is not the same to two decimals, cut or rounded. */
  readonly icc: readonly (Quarter & { readonly filePct: number | null; readonly herePct: number | null })[]
}

/**
 * A file's indicators beside those of here, for the quarters of the file.
 * @param here  of a quarter; without units where there are none
 */
export function compareIndicators(
  file: readonly QuarterIndicators[],
  here: (quarter: Quarter) => QuarterIndicators,
): IndicatorComparison {
  const differences: UnitDifference[] = []
  const icc: IndicatorComparison['icc'][number][] = []
  let equal = 0
  for (const ofFile of file) {
    const { year, quarter } = ofFile
    const ofHere = here(ofFile)
    const known = new Map(ofHere.units.map((unit) => [unit.unitId, unit]))
    for (const unit of ofFile.units) {
      const other = known.get(unit.unitId)
      known.delete(unit.unitId)
      if (other && other.precarious === unit.precarious && other.critical === unit.critical) equal++
      else differences.push({ year, quarter, unitId: unit.unitId, file: countsOf(unit), here: countsOf(other) })
    }
    for (const unit of known.values())
      differences.push({ year, quarter, unitId: unit.unitId, file: null, here: countsOf(unit) })
    const [filePct, herePct] = [ofFile.iccPct, ofHere.iccPct]
    if (!isSamePct(filePct, herePct)) icc.push({ year, quarter, filePct, herePct })
  }
  return { units: file.reduce((sum, { units }) => sum + units.length, 0), equal, differences, icc }
}

const countsOf = (unit: SampledUnit | undefined) =>
  unit ? { precarious: unit.precarious, critical: unit.critical } : null
/** One of the two has two decimals, cut or rounded. */
const isSamePct = (one: number | null, other: number | null): boolean =>
  one === null || other === null ? one === other : Math.abs(one - other) < 0.01

/** A month whose sum is not the same in a file and here, R$, each null where the month is absent. */
export interface MonthDifference {
  readonly year: number
  readonly month: number
  readonly fileBrl: number | null
  readonly hereBrl: number | null
}

/** What a file says was paid beside what was booked here, by month, conjuntos together. */
export function comparePaid(
  file: readonly PaidCompensation[],
  here: readonly PaidCompensation[],
): { months: number; differences: MonthDifference[] } {
  const [ofFile, ofHere] = [centsByMonth(file), centsByMonth(here)]
  const months = [...new Set([...ofFile.keys(), ...ofHere.keys()])].toSorted((one, other) => one - other)
  const differences = months
    .filter((month) => ofFile.get(month) !== ofHere.get(month))
    .map((month) => ({
      ...{ year: Math.floor(month / 12), month: (month % 12) + 1 },
      ...{ fileBrl: brlOrNull(ofFile.get(month)), hereBrl: brlOrNull(ofHere.get(month)) },
    }))
  return { months: ofFile.size, differences }
}

function centsByMonth(paid: readonly PaidCompensation[]): Map<number, number> {
  const cents = new Map<number, number>()
  for (const { year, month, paidBrl } of paid) {
    const key = year * 12 + month - 1
    cents.set(key, (cents.get(key) ?? 0) + Math.round(paidBrl * 100))
  }
  return cents
}

const brlOrNull = (cents: number | undefined): number | null => (cents === undefined ? null : cents / 100)
