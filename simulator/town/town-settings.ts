import type { TownFlags } from '../flags.ts'
import { startOf } from '../settings.ts'
import { UsageError } from '../usage-error.ts'
import type { WeatherKind } from '../weather.ts'
import { chargePointsFor, RecordedLike, type Arrivals } from './arrivals.ts'
import { readSessions } from './sessions.ts'
import { townOf, usualChargePoints, type TownPlan } from './town-plan.ts'

/** What a run of the town is. */
export interface TownSettings {
  readonly plan: TownPlan
  readonly arrivals: Arrivals
  readonly seed: number
  /** Instant of the first step, UTC milliseconds. */
  readonly start: number
  readonly intervalMs: number
  readonly weather: WeatherKind
  /** Seconds of the field in one of ours, where its time is not the wall's. */
  readonly simulatedSpeed: number | undefined
  readonly durationMs: number
}

/** A file may make so many charge points, as many as there may be of the town's own. */
const mostChargePoints = 10_000

/**
 * @param now  UTC milliseconds
 * @throws UsageError where a file of sessions is at fault, or a start
 */
export function townSettings(flags: TownFlags, now: number): TownSettings {
  const simulated = flags.speed !== 1 || flags.start !== undefined
  // On whole seconds, as the clocks of devices.
  const start = (simulated ? startOf(flags.start, '--start', now) : undefined) ?? Math.ceil(now / 1000) * 1000
  return {
    ...cars(flags, start),
    ...{ seed: flags.seed, start, intervalMs: Math.round(flags.interval * 1000), weather: flags.weather },
    simulatedSpeed: simulated ? flags.speed : undefined,
    durationMs: (flags.duration ?? Infinity) * 1000,
  }
}

function cars({ sessions: path, evs, seed }: TownFlags, start: number): Pick<TownSettings, 'plan' | 'arrivals'> {
  if (path === undefined) return { plan: townOf(evs ?? usualChargePoints), arrivals: new RecordedLike(seed) }
  const usual = townOf()
  const sessions = readSessions(
    path,
    usual.feeders.map(({ id }) => id),
  )
  const { chargePoints, arrivals } = chargePointsFor(sessions, usual, start)
  if (chargePoints.length > mostChargePoints)
    throw new UsageError(
      `--sessions ${path}: ${chargePoints.length} cars are there at the same time: it takes ${mostChargePoints} charge points`,
    )
  return { plan: { ...usual, chargePoints }, arrivals }
}
