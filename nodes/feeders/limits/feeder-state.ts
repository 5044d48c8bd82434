import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { civilTimesIn } from '../../../platform/clock/civil-time.ts'
import { windowFrom } from '../../../platform/clock/weekly-window.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Feeder } from '../domain/allocation/problem.ts'
import type { ForecastState } from '../domain/base-forecast.ts'
import {
  baseLoads,
  type BaseLoadBasis,
  type FeederSeen,
  type HeadReading,
  type UnitMeters,
} from '../domain/base-load.ts'
import { headReading } from '../domain/head-reading.ts'
import {
  limitsInForce,
  type GivenLimit,
  type HeadCircuit,
  type LimitSchedule,
  type LimitSettings,
  type Span,
} from '../domain/limits-in-force.ts'
import { freshMs, lostAfterAges, lostShareOf } from '../domain/metered-tree.ts'
import { steeredOn, type SteeredDevice } from '../domain/steered-devices.ts'
import {
  devicesBehindUnitMeters,
  findFeeders,
  keptForecasts,
  unitMetersOn,
  type FeederRow,
} from './feeder-repository.ts'
import { standingLimits } from './limit-repository.ts'

export interface FeederSettings extends LimitSettings {
  /** IANA zone of schedules that name none. */
  readonly timeZone: string
}

export interface Gathering {
  /** Roots whose trees are meant; null: all. */
  readonly rootIds: readonly string[] | null
  /** When the interval begins, by the platform's clock, UTC milliseconds. */
  readonly at: number
  readonly intervalMs: number
  /** Every device of these trees that follows setpoints. */
  readonly steered: readonly SteeredDevice[]
  /** What events and the returns after them ask for. */
  readonly given: readonly GivenLimit[]
  readonly settings: FeederSettings
}

/** A feeder as the allocation takes it, with what it is known by. */
export interface FeederNow extends Feeder {
  readonly rootId: string
  /** Null: no meter stands at its head, or it has never reported. */
  readonly head: { readonly meterId: string; readonly reading: HeadReading; readonly isHeard: boolean } | null
  readonly basis: BaseLoadBasis
}

export interface FeederState {
  readonly feeders: readonly FeederNow[]
  /** The next instant at which a limit begins or ends, UTC milliseconds; null: none will by itself. */
  readonly changesAt: number | null
  /** For `keepForecasts`, by whoever makes the rounds: what the next round goes on from. */
  readonly kept: readonly ForecastState[]
}

/** Feeders with their limits in force and what nobody steers on them, from newest states only; writes nothing. */
export async function gatherFeeders(
  queries: Queries,
  { rootIds, at, intervalMs, steered, given, settings }: Gathering,
): Promise<FeederState> {
  const rows = await findFeeders(queries, rootIds)
  const feederIds = rows.map(({ feederId }) => feederId)
  const set = await standingLimits(queries, feederIds, at)
  const kept = await keptForecasts(queries, feederIds)
  const heads = new Map(rows.flatMap((row) => headOf(row, at, intervalMs)))
  const { byFeeder, changesAt } = limitsInForce(
    ...([at, rows, set, given, circuitsOf(heads), settings] as const),
    windowsIn(settings.timeZone),
  )
  const isMeasured = ({ feederId }: FeederRow): boolean => {
    const head = heads.get(feederId)
    return head !== undefined && (head.isHeard || kept.get(feederId)?.by === 'head')
  }
  const unmeasured = rows.filter((row) => !isMeasured(row)).map(({ feederId }) => feederId)
  const meters = await metersOn(queries, unmeasured, steered, at, intervalMs)
  const devices = Map.groupBy(steered, ({ feederId }) => feederId)
  const seen = rows.map(({ feederId, parentFeederId }): FeederSeen => ({
    ...{ feederId, parentFeederId, head: heads.get(feederId)?.reading, unitMeters: meters.get(feederId) },
    ...steeredOn(devices.get(feederId) ?? []),
  }))
  const bases = baseLoads(seen, kept, at, intervalMs)
  return {
    feeders: rows.map(({ feederId, parentFeederId, rootId, headMeterId }): FeederNow => {
      const { baseLoad, basis } = bases.byFeeder.get(feederId)!
      const head = heads.get(feederId)
      return {
        ...{ feederId, parentFeederId, rootId, limits: byFeeder.get(feederId)!, baseLoad, basis },
        head: head ? { meterId: headMeterId!, reading: head.reading, isHeard: head.isHeard } : null,
      }
    }),
    changesAt,
    kept: bases.kept,
  }
}

interface Head {
  readonly reading: HeadReading
  readonly circuit: HeadCircuit
  readonly isHeard: boolean
}

function headOf({ feederId, head }: FeederRow, at: number, intervalMs: number): [string, Head][] {
  if (!head) return []
  const { reading, circuit } = headReading(head)
  const isHeard = lostShareOf(reading.at, at, Math.max(intervalMs, reading.intervalMs)) === 0
  return [[feederId, { reading, circuit: { ...circuit, isLost: !isHeard }, isHeard }]]
}

/** What the heads of feeders have said, for limits in other units than kW. @param at  UTC milliseconds */
export const circuitsAt = (
  rows: readonly FeederRow[],
  at: number,
  intervalMs = 60_000,
): ReadonlyMap<string, HeadCircuit> => circuitsOf(new Map(rows.flatMap((row) => headOf(row, at, intervalMs))))

const circuitsOf = (heads: ReadonlyMap<string, Head>): ReadonlyMap<string, HeadCircuit> =>
  new Map([...heads].map(([feederId, { circuit }]) => [feederId, circuit]))

/** Those of the units, where no head measures. */
async function metersOn(
  queries: Queries,
  feederIds: readonly string[],
  steered: readonly SteeredDevice[],
  at: number,
  intervalMs: number,
): Promise<ReadonlyMap<string, UnitMeters>> {
  if (feederIds.length === 0) return new Map()
  const rows = await unitMetersOn(queries, feederIds, at, { freshMs: freshMs(intervalMs), lostAfterAges })
  if (rows.length === 0) return new Map()
  const metered = new Set(rows.map(({ feederId }) => feederId))
  const near = steered.filter(({ feederId }) => metered.has(feederId))
  const behind = await devicesBehindUnitMeters(
    ...([queries, [...metered], at] as const),
    near.map(({ deviceId }) => deviceId),
  )
  const devices = Map.groupBy(
    near.filter(({ deviceId }) => behind.has(deviceId)),
    ({ feederId }) => feederId,
  )
  return new Map(
    rows.map(({ feederId, at, intervalMs, lostShare, total, A, B, C }) => {
      const { steeredKw: steeredBehindKw } = steeredOn(devices.get(feederId) ?? [])
      return [feederId, { at, intervalMs, lostShare, powerKw: { total, A, B, C }, steeredBehindKw }]
    }),
  )
}

/** The windows of schedules, each in its zone. */
export function windowsIn(timeZone: string): (schedule: LimitSchedule, at: number) => Span | undefined {
  const zones = new Map<string, { days: ReturnType<typeof civilDaysIn>; times: ReturnType<typeof civilTimesIn> }>()
  return (schedule, at) => {
    const name = schedule.timeZone ?? timeZone
    let zone = zones.get(name)
    if (!zone) zones.set(name, (zone = { days: civilDaysIn(name), times: civilTimesIn(name) }))
    return windowFrom(schedule, at, zone.days, zone.times)
  }
}
