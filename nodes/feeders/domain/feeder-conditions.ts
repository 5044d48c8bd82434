import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import type { FeederConditionMessage } from '../../../platform/wire/feeder-condition-texts.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import { reachesLimit, type TrendPoint } from './overload-trend.ts'

type Kind = KindOf<'feeders'>

/** A feeder under a limit, as it stands. Power in kW, consumption positive; instants are UTC milliseconds. */
export interface WatchedFeeder {
  readonly feederId: string
  /** Tightest in force, of the sum of all phases; null: none. */
  readonly importLimitKw: number | null
  readonly exportLimitKw: number | null
  /** Beyond its limits whatever it is that devices are told, kW; 0: nothing. */
  readonly unavoidableKw: number
  /** When that was found. */
  readonly at: number
  /** The meter at its head; null: none is named. */
  readonly head: { readonly meterId: string; readonly heardAt: number | null; readonly powerKw: number | null } | null
  /** What nobody steers, over the last minutes; empty where nothing measures it. */
  readonly baseLoad: readonly TrendPoint[]
}

/** An event that asks a feeder to stay within a limit. */
export interface WatchedEvent {
  readonly eventId: number
  readonly feederId: string
  readonly limitKw: number
  readonly direction: 'import' | 'export'
  readonly startsAt: number
  /** What flowed into the feeder over the last minutes; null: nothing measures it. */
  readonly meanKw: number | null
}

/** How a feeder's devices followed their setpoints. */
export interface WatchedTracking {
  readonly feederId: string
  readonly at: number
  readonly minutes: number
  readonly beyondKw: number | null
  readonly importLimitKw: number | null
  readonly setpointKw: number | null
}

/** How the loop goes: root feeders without a round for too long, and with rounds that take too long. */
export interface WatchedLoop {
  readonly stalled: readonly { readonly rootId: string; readonly at: number }[]
  readonly overrun: readonly { readonly rootId: string; readonly roundMs: number; readonly intervalMs: number }[]
}

export interface FeedersNow {
  readonly loop: WatchedLoop
  readonly feeders: readonly WatchedFeeder[]
  readonly events: readonly WatchedEvent[]
  readonly tracking: readonly WatchedTracking[]
  readonly intervalMs: number
  /** How long readings may be on their way besides: of simulated time that passes fast little is left; ms. */
  readonly slackMs: number
}

const minuteMs = 60_000
/** As far ahead as the trend of a quarter of an hour says anything. */
const forecastMinutes = 30
/** A head is lost after so many intervals, and not within a minute or two. */
const lostIntervals = 2
const leastLostMs = 2 * minuteMs
/** Devices have so long to come down when an event begins. */
const settleMs = 5 * minuteMs
/** An event is met within so much of its limit: what meters are sure to. */
const metWithin = 0.02
/** What is drawn or fed in beyond setpoints matters from this share of the limit on. */
const beyondShare = 0.05
const leastBeyondKw = 1
const leastMinutes = 5

/** What holds of what is amiss with feeders and their control. @param now  by the platform's clock, UTC milliseconds */
export const feederConditions = (state: FeedersNow, now: number): readonly Condition[] => [
  ...state.loop.stalled.map(({ rootId, at }) =>
    condition('loop-stalled', rootId, at, 'medium', { feeder: rootId, lastAt: at }),
  ),
  ...state.loop.overrun.map((one) => overrun(one, now)),
  ...state.feeders.flatMap((feeder) => [
    ...headLost(feeder, Math.max(lostIntervals * state.intervalMs, leastLostMs, state.slackMs), now),
    ...unavoidable(feeder),
    ...forecast(feeder, now),
  ]),
  ...state.events.flatMap((event) => notMet(event, now)),
  ...state.tracking.flatMap(notFollowed),
]

function overrun({ rootId, roundMs, intervalMs }: WatchedLoop['overrun'][number], now: number): Condition {
  const [seconds, intervalSeconds] = [toTenth(roundMs / 1_000), toTenth(intervalMs / 1_000)]
  return {
    ...condition('loop-overrun', rootId, now, 'low', { feeder: rootId, seconds, intervalSeconds }),
    ...{ value: seconds, limit: intervalSeconds, unit: 's' },
  }
}

function headLost({ feederId, head }: WatchedFeeder, lostAfterMs: number, now: number): Condition[] {
  if (!head || head.heardAt === null || now - head.heardAt <= lostAfterMs) return []
  const parameters = { feeder: feederId, meter: head.meterId, lastAt: head.heardAt }
  return [{ ...condition('head-lost', feederId, head.heardAt, 'low', parameters), deviceId: head.meterId }]
}

function unavoidable({ feederId, unavoidableKw, at }: WatchedFeeder): Condition[] {
  if (unavoidableKw <= 0) return []
  const beyondKw = toTenth(unavoidableKw)
  return [
    {
      ...condition('limit-unavoidable', feederId, at, 'high', { feeder: feederId, beyondKw }),
      ...{ value: beyondKw, unit: 'kW' },
    },
  ]
}

function forecast(
  { feederId, importLimitKw, exportLimitKw, unavoidableKw, baseLoad }: WatchedFeeder,
  now: number,
): Condition[] {
  // What is beyond its limit already is said otherwise.
  if (unavoidableKw > 0) return []
  for (const [limitKw, sign] of [
    [importLimitKw, 1],
    [exportLimitKw, -1],
  ] as const) {
    if (limitKw === null) continue
    const points = baseLoad.map(({ at, powerKw }) => ({ at, powerKw: sign * powerKw }))
    const found = reachesLimit(points, limitKw, now, forecastMinutes)
    if (!found) continue
    const minutes = Math.max(1, Math.round(found.inMinutes))
    const parameters = { feeder: feederId, minutes, limitKw: toTenth(limitKw), loadKw: toTenth(sign * found.nowKw) }
    return [
      {
        ...condition('overload-forecast', feederId, now, 'low', parameters),
        ...{ value: minutes, limit: forecastMinutes, unit: 'min' },
      },
    ]
  }
  return []
}

function notMet({ eventId, feederId, limitKw, direction, startsAt, meanKw }: WatchedEvent, now: number): Condition[] {
  if (meanKw === null || now < startsAt + settleMs) return []
  const carriedKw = direction === 'import' ? meanKw : -meanKw
  if (carriedKw <= limitKw * (1 + metWithin)) return []
  const parameters = { feeder: feederId, event: String(eventId), loadKw: toTenth(meanKw), limitKw: toTenth(limitKw) }
  return [
    {
      ...condition('event-not-met', feederId, startsAt + settleMs, 'medium', parameters),
      ...{ value: toTenth(carriedKw), limit: toTenth(limitKw), unit: 'kW', evidence: { eventId } },
    },
  ]
}

function notFollowed({ feederId, at, minutes, beyondKw, importLimitKw, setpointKw }: WatchedTracking): Condition[] {
  const heldAgainst = importLimitKw ?? Math.abs(setpointKw ?? 0)
  const mostKw = Math.max(leastBeyondKw, beyondShare * heldAgainst)
  if (beyondKw === null || minutes < leastMinutes || beyondKw <= mostKw) return []
  const parameters = { feeder: feederId, beyondKw: toTenth(beyondKw), mostKw: toTenth(mostKw) }
  return [
    {
      ...condition('tracking-error', feederId, at, 'low', parameters),
      ...{ value: toTenth(beyondKw), limit: toTenth(mostKw), unit: 'kW' },
    },
  ]
}

const endings: Readonly<Record<Kind, FeederConditionMessage>> = {
  'loop-stalled': 'feeders.loop-runs',
  'loop-overrun': 'feeders.loop-in-time',
  'head-lost': 'feeders.head-heard',
  'limit-unavoidable': 'feeders.limit-held',
  'overload-forecast': 'feeders.no-overload-ahead',
  'event-not-met': 'feeders.event-met',
  'tracking-error': 'feeders.setpoints-followed',
}

/** A condition that holds no more. */
export function feederNormal(said: Condition, at: number): Condition {
  const { value: _value, limit: _limit, evidence: _evidence, ...rest } = said
  return { ...rest, at, state: 'normal', text: { ...said.text, message: endings[said.kind as Kind] } }
}

const condition = (
  kind: Kind,
  feederId: string,
  at: number,
  priority: Condition['priority'],
  parameters: Condition['text']['parameters'],
): Condition => ({
  ...{ key: conditionKey('feeders', kind, feederId), area: 'feeders', kind, subject: feederId, feederId },
  ...{ state: 'active', at: Math.round(at), priority, text: { message: `feeders.${kind}`, parameters } },
})

const toTenth = (value: number): number => Math.round(value * 10) / 10
