const hourMs = 3_600_000

/** What the readings of one meter came to within one hour: power in kW. */
export interface MeterHour {
  /** Numbers of the meter's period, and of the hour. */
  readonly period: number
  readonly bucket: number
  readonly total: number
  readonly samples: number
}

/** Energy of an hour. */
export interface HourEnergy {
  /** Its beginning, UTC milliseconds. */
  readonly at: number
  readonly energyKwh: number
  readonly samples: number
}

/**
 * What a unit used by the hour: the mean power of each of its meters, over the part of the hour in which it had it.
 * @param periods  when the unit had each meter, both ends included, UTC milliseconds
 * @param edges    where hours meet
 * @param now      the running hour counts up to here
 * @returns hours with readings, oldest first
 */
export function hourlyEnergy(
  sums: readonly MeterHour[],
  periods: readonly { readonly from: number; readonly to: number }[],
  edges: readonly number[],
  now: number,
): HourEnergy[] {
  const hours = new Map<number, HourEnergy>()
  for (const { period, bucket, total, samples } of sums) {
    const { from, to } = periods[period]!
    const begin = Math.max(edges[bucket]!, from)
    const end = Math.min(edges[bucket + 1]!, to + 1, now)
    const kwh = (total / samples) * (Math.max(0, end - begin) / hourMs)
    const before = hours.get(bucket)
    hours.set(bucket, {
      at: edges[bucket]!,
      energyKwh: (before?.energyKwh ?? 0) + kwh,
      samples: (before?.samples ?? 0) + samples,
    })
  }
  return [...hours.values()].toSorted((one, other) => one.at - other.at)
}
