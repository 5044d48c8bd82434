import type { BaseLoad, FeederLimit, Prices, Problem } from './problem.ts'

/**
 * What is to be shared now with a view of what comes: the interval to decide in full, forecasts of what follows it, and what each
 * device needs by when. Whoever arrives later is not foreseen.
 */
export interface HorizonProblem {
  readonly first: Problem
  /** What follows, in order and without gaps: the first of them begins when the interval to decide ends. None: nothing is foreseen. */
  readonly later: readonly ForecastStep[]
  /** Of the devices that need or store energy. A device without one is taken to go on as it is: `wantedKw` throughout. */
  readonly outlooks: readonly DeviceOutlook[]
  /** By device: what it counts that it goes short over the horizon, > 0: its weight without its hurry, which the plan sees. One that is missing has its weight. */
  readonly weights?: Readonly<Record<string, number>>
}

/** A later stretch of time, as foreseen. */
export interface ForecastStep {
  /** UTC milliseconds. */
  readonly at: number
  readonly durationMs: number
  /** By feeder; one that is missing keeps the base load of the first interval. */
  readonly baseLoads: Readonly<Record<string, BaseLoad>>
  /** By feeder; one that is missing keeps those limits of the first interval that have not expired when the step begins. */
  readonly limits: Readonly<Record<string, readonly FeederLimit[]>>
  /** By PV device what the sun gives, kW, ≥ 0; one that is missing gives what it gives in the first interval. */
  readonly availableKw: Readonly<Record<string, number>>
  readonly prices: Prices | null
}

export interface DeviceOutlook {
  readonly deviceId: string
  /** What it should take from now until it leaves, kWh. Of a battery its way to the target: below 0, it has that to give. */
  readonly neededKwh: number
  /** UTC milliseconds; null: it stays beyond the horizon. */
  readonly departsAt: number | null
  /** Bounds after the first interval, kW; those of the first may be narrower, by ramp or state of charge. */
  readonly fromKw: number
  readonly untilKw: number
  /** What a battery can give until its reserve, and take until it is full, kWh, ≥ 0; null: it only takes, up to its need. */
  readonly storage: { readonly givesKwh: number; readonly takesKwh: number } | null
}

export const isHorizon = (problem: Problem | HorizonProblem): problem is HorizonProblem => 'first' in problem

/**
 * Beginnings and lengths of the steps to foresee: fine at first, where what is decided now still matters, then each twice as long as
 * the one before, all multiples of the interval.
 * @param from       end of the interval to decide, UTC milliseconds
 * @param horizonMs  how far to look from there; the last step ends at it or, by less than an interval, before
 * @param most       steps; the last one takes what is left
 */
export function stepsAhead(
  from: number,
  intervalMs: number,
  horizonMs: number,
  most = 8,
): { readonly at: number; readonly durationMs: number }[] {
  const steps: { at: number; durationMs: number }[] = []
  let left = Math.floor(horizonMs / intervalMs)
  for (let at = from, length = 1; left > 0 && steps.length < most; length *= 2) {
    const intervals = steps.length === most - 1 ? left : Math.min(length, left)
    steps.push({ at, durationMs: intervals * intervalMs })
    at += intervals * intervalMs
    left -= intervals
  }
  return steps
}

/** Nonsense in what is foreseen, a sentence each; none: it can be planned with. At most `most` of them. */
export function horizonFaults({ first, later, outlooks, weights = {} }: HorizonProblem, most = 20): string[] {
  const faults: string[] = []
  const say = (fault: string): void => {
    if (faults.length < most) faults.push(fault)
  }
  let end = first.at + first.intervalMs
  later.forEach(({ at, durationMs }, step) => {
    if (at !== end) say(`step ${step} begins at ${at}, not at ${end} where what comes before it ends`)
    if (!(durationMs > 0) || durationMs === Infinity) say(`step ${step} takes ${durationMs} ms`)
    end = at + durationMs
  })
  later.forEach(({ baseLoads, limits, availableKw, prices }, step) => {
    for (const [feederId, { lowKw, highKw }] of Object.entries(baseLoads))
      for (const line of ['total', 'A', 'B', 'C'] as const)
        if (!Number.isFinite(lowKw[line]) || !Number.isFinite(highKw[line]) || lowKw[line] > highKw[line])
          say(`step ${step}: the base load of ${feederId}, ${line}, goes from ${lowKw[line]} to ${highKw[line]} kW`)
    for (const [feederId, ofFeeder] of Object.entries(limits))
      for (const { limitKw, source } of ofFeeder)
        if (!(limitKw >= 0)) say(`step ${step}: the limit of ${feederId} by ${source} is ${limitKw} kW`)
    for (const [deviceId, kw] of Object.entries(availableKw))
      if (!(kw >= 0) || kw === Infinity) say(`step ${step}: ${deviceId} has ${kw} kW of sun`)
    priceFaults(prices, `step ${step}`, say)
  })
  const known = new Set(first.devices.map(({ deviceId }) => deviceId))
  const seen = new Set<string>()
  for (const [deviceId, weight] of Object.entries(weights))
    if (!(weight > 0 && weight < Infinity)) say(`${deviceId} weighs ${weight} over the horizon`)
  for (const { deviceId, neededKwh, departsAt, fromKw, untilKw, storage } of outlooks) {
    if (!known.has(deviceId)) say(`outlook of ${deviceId}, which the problem does not have`)
    if (seen.has(deviceId)) say(`${deviceId} has two outlooks`)
    seen.add(deviceId)
    if (!Number.isFinite(neededKwh)) say(`${deviceId} needs ${neededKwh} kWh`)
    if (Number.isNaN(departsAt ?? 0)) say(`${deviceId} departs at no time`)
    if (!Number.isFinite(fromKw) || !Number.isFinite(untilKw) || fromKw > untilKw)
      say(`${deviceId} can take ${fromKw} to ${untilKw} kW`)
    if (storage && !(storage.givesKwh >= 0 && storage.takesKwh >= 0 && storage.givesKwh + storage.takesKwh < Infinity))
      say(`${deviceId} can give ${storage.givesKwh} and take ${storage.takesKwh} kWh`)
  }
  return faults
}

/** Whoever is paid more for a kWh than it costs could sell what it has just bought. */
export function priceFaults(prices: Prices | null, where: string, say: (fault: string) => void): void {
  if (!prices) return
  const { importBrlPerKwh, exportBrlPerKwh } = prices
  if (!Number.isFinite(importBrlPerKwh) || !Number.isFinite(exportBrlPerKwh))
    say(`${where}: the prices are ${importBrlPerKwh} and ${exportBrlPerKwh} R$/kWh`)
  else if (exportBrlPerKwh > importBrlPerKwh)
    say(`${where}: a kWh out is paid ${exportBrlPerKwh} R$, more than the ${importBrlPerKwh} R$ that it costs`)
}
