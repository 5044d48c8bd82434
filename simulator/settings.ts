import { readKeys, usualCommands, type CommandSettings } from './abilities.ts'
import { basename } from 'node:path'
import { parseInstant } from '../platform/wire/instant.ts'
import type { FaultPeriod } from './faults.ts'
import { defaultSize, feederIds, fieldOf, type Field } from './field.ts'
import type { FieldFlags } from './flags.ts'
import type { Scenario } from './scenario.ts'
import type { Script } from './simulation.ts'
import { timeOfDay } from './sky.ts'
import { mostConnections } from './usage.ts'
import { UsageError } from './usage-error.ts'

/** What a run of the field is, once flags, scenario and defaults have had their say, in this order. */
export interface FieldSettings {
  /** Name of the scenario; none: the default field. */
  readonly scenario: string | undefined
  readonly field: Field
  readonly seed: number
  readonly intervalMs: number
  readonly script: Script
  readonly faults: readonly FaultPeriod[]
  /** Instant of the first step, UTC milliseconds. */
  readonly start: number
  /** Seconds of the field in one of ours, where its time is not the wall's. */
  readonly simulatedSpeed: number | undefined
  readonly durationMs: number
  readonly oneConnection: boolean
  readonly commands: CommandSettings
}

/** Late readings are held back so long unless told otherwise. */
export const defaultHoldMinutes = 5

/**
 * @param now  UTC milliseconds
 * @throws UsageError where what was asked for does not go together
 */
export function fieldSettings(flags: FieldFlags, scenario: Scenario | undefined, now: number): FieldSettings {
  const simulated = flags.speed !== 1 || flags.start !== undefined
  const begin = simulated ? (startOf(flags.start, '--start', now) ?? startOf(scenario?.start, 'start', now)) : undefined
  // on whole seconds, as the clocks of devices
  const start = begin ?? Math.ceil(now / 1000) * 1000
  const size = {
    panels: flags.panels ?? scenario?.fleet?.panels ?? defaultSize.panels,
    meters: flags.meters ?? scenario?.fleet?.meters ?? defaultSize.meters,
    evs: flags.evs ?? scenario?.fleet?.evs ?? defaultSize.evs,
  }
  const plants = (scenario?.plants ?? []).map(plantSpec)
  const field = fieldOf(size, scenario?.meter_interval_seconds, plants)
  const inPlants = plants.reduce((sum, { panels }) => sum + panels, 0)
  const devices = field.panels.length + inPlants + field.meters.length + field.evs.length
  if (devices > mostConnections && !flags.oneConnection && !simulated)
    throw new UsageError(
      `${devices} devices are too many for a connection each (${mostConnections}): add --one-connection`,
    )
  const minutes = scenario?.duration_minutes
  const seconds = flags.duration ?? (minutes === undefined ? Infinity : minutes * 60)
  return {
    ...{ field, start },
    scenario: flags.scenario === undefined ? undefined : basename(flags.scenario, '.json'),
    seed: flags.seed ?? scenario?.seed ?? 1,
    intervalMs: Math.round((flags.interval ?? scenario?.interval_seconds ?? 1) * 1000),
    script: { weather: scenario?.weather ?? 'changing', events: scenario?.events ?? [] },
    faults: faultPeriods(flags, scenario, start),
    simulatedSpeed: simulated ? flags.speed : undefined,
    durationMs: seconds * 1000,
    // the clock and the readings keep their order on one connection only
    oneConnection: flags.oneConnection || simulated,
    commands: {
      withoutLedger: flags.withoutLedger ?? usualCommands.withoutLedger,
      keys: flags.commandKeys === undefined ? usualCommands.keys : readKeys(flags.commandKeys),
    },
  }
}

const plantSpec = ({
  site,
  panels,
  per_string = 10,
  pyranometer = false,
}: NonNullable<Scenario['plants']>[number]) => ({
  ...{ siteId: site, feederId: feederIds[1], panels, perString: per_string, pyranometer },
})

/** An instant or a time of the day of `now`, as written; undefined where nothing is. @throws UsageError that names what was written */
export function startOf(written: string | undefined, name: string, now: number): number | undefined {
  if (written === undefined) return undefined
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(written)) return timeOfDay(written, now)
  const instant = parseInstant(written)
  if (instant !== undefined) return instant
  throw new UsageError(
    `${name} must be an instant with its offset (2026-01-15T18:00:00-03:00) or a time of day (18:00), got "${written}"`,
  )
}

function faultPeriods({ faults }: FieldFlags, scenario: Scenario | undefined, start: number): FaultPeriod[] {
  const throughout: FaultPeriod = {
    from: start,
    to: Infinity,
    shares: faults,
    holdMs: defaultHoldMinutes * 60_000,
    of: 'readings',
  }
  const scripted = (scenario?.events ?? []).flatMap((event): FaultPeriod[] => {
    if (event.kind !== 'faults') return []
    const from = start + event.at_minute * 60_000
    const shares = Object.fromEntries(
      Object.entries(event.percent).map(([name, percent]) => [name, (percent ?? 0) / 100]),
    )
    const holdMs = (event.hold_minutes ?? defaultHoldMinutes) * 60_000
    return [{ from, to: from + event.for_minutes * 60_000, shares, holdMs, of: event.of ?? 'readings' }]
  })
  return Object.keys(faults).length > 0 ? [throughout, ...scripted] : scripted
}
