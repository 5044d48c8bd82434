import { sampleMs } from './expected-power.ts'
import type { Expected, PanelSample } from './plant.ts'
import { heatFactor, standardConditions } from './pvwatts.ts'

/**
 * What a panel, or panels together, made of a time, as sums: those of two times, or of two panels, add up to those of both. Only samples
 * with power count, on every side.
 */
export interface YieldSums {
  /** Time of the samples, summed over panels, h. */
  readonly hours: number
  /** Of those in daylight, h. */
  readonly daylightHours: number
  /** Generated, Wh. */
  readonly energyWh: number
  /** What the rating would have made of the same time, Wh. */
  readonly ratedWh: number
  /** Generated in daylight, Wh, and what was expected of the same samples, where that is known. */
  readonly daylightWh: number
  readonly expectedWh: number
  /** Generated while the irradiance was known by itself, Wh, and what the rating makes of that irradiance at 25 °C. */
  readonly referredWh: number
  readonly referenceWh: number
  /** The same at the temperature that the cells had, without weak light and the time in which the inverter bounded them. */
  readonly correctedWh: number
  readonly correctedReferenceWh: number
}

/** Figures of a panel, or of a site, over a time; null: too little is known of it. */
export interface Performance {
  readonly energyKwh: number
  readonly expectedKwh: number
  /** Expected in daylight, and not generated, kWh ≥ 0. */
  readonly lostKwh: number
  readonly hours: number
  readonly daylightHours: number
  /** Energy by that of the rating over the same time, % (its capacity factor). */
  readonly efficiencyPct: number | null
  /** Final yield: energy by rating, kWh/kW. */
  readonly specificYield: number
  /** Energy in daylight by what was expected of it: 1 where nothing is lost (power performance index of IEC 61724-1). */
  readonly performanceIndex: number | null
  /** Final yield by reference yield (IEC 61724-1). */
  readonly performanceRatio: number | null
  /** The same, corrected to 25 °C (IEC 61724-1), without weak light and the time in which the inverter bounded it. */
  readonly correctedRatio: number | null
}

export const noYield: YieldSums = {
  ...{ hours: 0, daylightHours: 0, energyWh: 0, ratedWh: 0, daylightWh: 0, expectedWh: 0 },
  ...{ referredWh: 0, referenceWh: 0, correctedWh: 0, correctedReferenceWh: 0 },
}

const fields = Object.keys(noYield) as (keyof YieldSums)[]

/** A ratio of less than this much sun says little, in hours of 1000 W/m². */
const leastReferenceHours = 0.5
/** In weaker light modules make less of it than their rating says: the corrected ratio leaves it out, as rdtools does, W/m². */
const leastCorrectedWm2 = 200

/** How far what is expected of a sample can be taken. */
export interface Light {
  /** Irradiance in its plane, W/m², known by itself and not by what panels generate; null: nobody knows it. */
  readonly referenceWm2: number | null
  /** Share of the expected power that there was light for; null: nobody knows it, and the sample is not held against it. */
  readonly expectedShare: number | null
}

/** Sums of one sample. */
export function yieldOf(
  { ratedW, gammaPerC }: { readonly ratedW: number; readonly gammaPerC: number },
  { powerW }: Pick<PanelSample, 'powerW'>,
  expected: Expected | undefined,
  { referenceWm2, expectedShare }: Light,
): YieldSums {
  if (powerW === null) return noYield
  const hours = sampleMs / 3_600_000
  const energyWh = powerW * hours
  const sums = { ...noYield, hours, energyWh, ratedWh: ratedW * hours }
  if (!expected?.isDaylight) return sums
  const inDaylight = {
    ...{ ...sums, daylightHours: hours },
    ...(expectedShare !== null && { daylightWh: energyWh, expectedWh: expected.powerW * expectedShare * hours }),
  }
  if (referenceWm2 === null) return inDaylight
  const referenceWh = (ratedW * referenceWm2 * hours) / standardConditions.irradianceWm2
  const referred = { ...inDaylight, referredWh: energyWh, referenceWh }
  if (expected.isClipped || referenceWm2 < leastCorrectedWm2) return referred
  const correctedReferenceWh = referenceWh * heatFactor(gammaPerC, expected.cellC)
  return { ...referred, correctedWh: energyWh, correctedReferenceWh }
}

export function sumOfYields(parts: Iterable<YieldSums>): YieldSums {
  const sum: { -readonly [Field in keyof YieldSums]: number } = { ...noYield }
  for (const part of parts) for (const field of fields) sum[field] += part[field]
  return sum
}

/**
 * Figures of sums.
 * @param ratedW  of the panel, or of all panels of the sums together; above 0
 */
export function performanceOf(sums: YieldSums, ratedW: number): Performance {
  if (!(ratedW > 0)) throw new RangeError(`rating out of range: ${ratedW} W`)
  const { energyWh, expectedWh, daylightWh } = sums
  const leastWh = ratedW * leastReferenceHours
  return {
    energyKwh: energyWh / 1000,
    expectedKwh: expectedWh / 1000,
    lostKwh: Math.max(0, expectedWh - daylightWh) / 1000,
    ...{ hours: sums.hours, daylightHours: sums.daylightHours },
    efficiencyPct: sums.ratedWh > 0 ? (energyWh / sums.ratedWh) * 100 : null,
    specificYield: energyWh / ratedW,
    performanceIndex: ratio(daylightWh, expectedWh, leastWh),
    performanceRatio: ratio(sums.referredWh, sums.referenceWh, leastWh),
    correctedRatio: ratio(sums.correctedWh, sums.correctedReferenceWh, leastWh),
  }
}

const ratio = (energyWh: number, referenceWh: number, leastWh: number): number | null =>
  referenceWh >= leastWh ? energyWh / referenceWh : null
