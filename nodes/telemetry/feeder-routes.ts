import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import {
  IdentifierParameter,
  Instant,
  instantOrNull,
  Name,
  Nullable,
  OneOf,
  rounded,
  roundedOrNull,
} from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { bucketEdges, mostBuckets } from './domain/buckets.ts'
import { curveFigures, demandMinutes, intervalEdges, windows, windowStart } from './domain/load-curve.ts'
import { bucketLoad, findFeeder, latestLoad, listFeeders, type TypeLoad } from './feeder-repository.ts'

const minuteMs = 60_000

const feederId = Type.Optional(
  IdentifierParameter('Feeder, with all below it; DEFAULT_FEEDER_ID, or else all devices, unless given', 'feeder-01'),
)
const kw = (description: string) => Type.Number({ description: `${description}, kW; consumption positive` })
const ByType = Type.Record(
  Type.String(),
  Type.Object({ count: Type.Integer({ description: 'Devices' }), totalKw: kw('Their power') }),
  {
    description: 'By type of device: pv, battery, ev … of DERs, else the kind',
    examples: [{ pv: { count: 2, totalKw: -6.4 } }],
  },
)
const which = {
  feederId: Nullable(Name('The feeder; null: all devices', 'feeder-01')),
  limitKw: Nullable(
    Type.Number({ description: 'Most that the feeder may carry, kW: by the registry, else FEEDER_DEFAULT_LIMIT_KW' }),
  ),
}
const Summary = Type.Object(
  {
    ...which,
    totalKw: kw('Power of all devices that count'),
    deviceCount: Type.Integer({ description: 'Devices whose latest reading counts' }),
    byType: ByType,
    timestamp: Instant('As of when'),
  },
  { $id: 'FeederSummary' },
)
const History = Type.Object(
  {
    ...which,
    bucketSeconds: Type.Integer(),
    points: Type.Array(
      Type.Object({
        timestamp: Instant('Beginning of the bucket'),
        totalKw: kw('Sum of the mean powers of the devices'),
        deviceCount: Type.Integer({ description: 'Devices with readings in the bucket' }),
        byType: ByType,
      }),
      { description: 'Buckets with readings, oldest first' },
    ),
  },
  { $id: 'FeederHistory' },
)
const figures = {
  energyKwh: Type.Number({ description: 'Energy of the time with readings, kWh; consumption positive' }),
  peakKw: Nullable(kw('Highest demand: mean over `demandMinutes`')),
  meanKw: Nullable(kw('Mean over the time with readings')),
  loadFactor: Nullable(Type.Number({ description: 'meanKw by peakKw; null where the peak is not above zero' })),
  knownHours: Type.Number({
    description: 'Time with readings, h; an interval of demandMinutes counts whole if it has any',
  }),
}
const Metrics = Type.Object(
  {
    ...which,
    window: OneOf(windows, 'Calendar period'),
    from: Instant('Since when the period runs'),
    to: Instant('Now'),
    bucketMinutes: Type.Integer(),
    demandMinutes: Type.Integer({ description: 'Peaks are means over so many minutes' }),
    ...figures,
    peakAt: Nullable(Instant('Beginning of the highest demand')),
    buckets: Type.Array(Type.Object({ timestamp: Instant('Beginning of the bucket'), ...figures }), {
      description: 'Buckets with readings, oldest first',
    }),
  },
  { $id: 'FeederMetrics' },
)
const Feeder = Type.Object(
  {
    feederId: Name('The feeder', 'feeder-01'),
    parentFeederId: Nullable(Name('The feeder it hangs on', 'feeder-00')),
    name: Nullable(Type.String()),
    limitKw: which.limitKw,
    deviceCount: Type.Integer({ description: 'Active devices on the feeder itself' }),
    downstreamDeviceCount: Type.Integer({ description: 'Active devices on it and on all feeders below it' }),
  },
  { $id: 'Feeder' },
)

const feederKeys = new Keyset(Type.Object({ feederId: Type.String() }))

/** What feeders carry: now, over the last minutes, and over calendar periods. */
export const feederRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const { DEFAULT_FEEDER_ID, FEEDER_DEFAULT_LIMIT_KW, SILENT_AFTER_SECONDS, TIME_ZONE } = environment
  const days = civilDaysIn(TIME_ZONE)
  const silentAfterMs = SILENT_AFTER_SECONDS * 1_000
  const defaultLimitKw = FEEDER_DEFAULT_LIMIT_KW ?? null

  /** @throws Problem 404 for a feeder that was asked for, and is not there */
  async function feederOf(asked: string | undefined): Promise<{ feederId: string | null; limitKw: number | null }> {
    const id = asked ?? DEFAULT_FEEDER_ID
    if (id === undefined) return { feederId: null, limitKw: null }
    const feeder = await findFeeder(database, id)
    if (!feeder && asked !== undefined) throw notFound('feeder', 'query.feederId', asked)
    return { feederId: id, limitKw: feeder?.limitKw ?? defaultLimitKw }
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/feeder/summary',
      operationId: 'getFeederSummary',
      summary: 'What a feeder carries now',
      description:
        'The latest readings of its devices and of those on all feeders below it, added up. Readings that were received more than SILENT_AFTER_SECONDS ago do not count. Where a meter measures what a DER behind it makes, both are in the total: `byType` tells them apart.',
      tag: 'feeders',
      right: 'read',
      query: Type.Object({ feederId }),
      answers: { 200: { description: 'The load', schema: Summary } },
      async handle({ query }) {
        const feeder = await feederOf(query.feederId)
        const now = platformClock.now()
        const load = await latestLoad(database, feeder.feederId, now, silentAfterMs)
        return { body: { ...feeder, ...summedUp(load), timestamp: new Date(now).toISOString() } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/feeder/history',
      operationId: 'getFeederHistory',
      summary: 'What a feeder carried in the last minutes',
      description:
        'By bucket the mean power of each device, added up. Buckets begin with the civil day; the last one is the running one. Buckets of whole minutes come from roll-ups, about a second behind the field; others from the readings themselves, for the last hour at most.',
      tag: 'feeders',
      right: 'read',
      query: Type.Object({
        feederId,
        minutes: Type.Integer({ minimum: 1, maximum: 44_640, default: 30, description: 'How far back, min' }),
        bucketSeconds: Type.Integer({ minimum: 5, maximum: 86_400, default: 60, description: 'Width of a bucket, s' }),
      }),
      answers: { 200: { description: 'The load by bucket', schema: History } },
      async handle({ query: { feederId, minutes, bucketSeconds } }) {
        if ((minutes * 60) / bucketSeconds > mostBuckets)
          throw badField(
            'query.bucketSeconds',
            bucketSeconds,
            `makes more than ${mostBuckets} buckets of ${minutes} minutes`,
          )
        const divides = bucketSeconds % 60 !== 0
        if (divides && minutes > 60)
          throw badField('query.minutes', minutes, 'is 60 at most where bucketSeconds is not of whole minutes')
        const feeder = await feederOf(feederId)
        const now = platformClock.now()
        const edges = bucketEdges(now - minutes * minuteMs, now, bucketSeconds * 1_000, days)
        const source = divides ? 'reading' : edges.every((edge) => edge % (60 * minuteMs) === 0) ? 'hour' : 'minute'
        const load = await bucketLoad(database, feeder.feederId, now, source, edges)
        const points = [...Map.groupBy(load, ({ bucket }) => bucket)].map(([bucket, types]) => ({
          timestamp: new Date(edges[bucket]!).toISOString(),
          ...summedUp(types),
        }))
        return { body: { ...feeder, bucketSeconds, points } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/feeder/metrics',
      operationId: 'getFeederMetrics',
      summary: 'Energy, peak, mean and load factor of a feeder over a calendar period',
      description:
        'The running hour, civil day, week (from Monday) or month in TIME_ZONE, up to now. Demand is the mean over 15 minutes; over an hour where days, weeks and months are told in buckets of whole hours. What is not known counts nowhere: `knownHours` says how much is.',
      tag: 'feeders',
      right: 'read',
      query: Type.Object({
        feederId,
        window: Type.Unsafe<(typeof windows)[number]>(
          Type.String({ enum: [...windows], default: 'day', description: 'Calendar period that runs now' }),
        ),
        bucketMinutes: Type.Integer({ minimum: 1, maximum: 1_440, default: 60, description: 'Width of a bucket, min' }),
      }),
      answers: { 200: { description: 'The figures', schema: Metrics } },
      async handle({ query: { feederId, window, bucketMinutes } }) {
        const now = platformClock.now()
        const from = windowStart(window, now, days)
        const demand = demandMinutes(window, bucketMinutes)
        if (demand === undefined)
          throw badField('query.bucketMinutes', bucketMinutes, `takes whole hours where window is ${window}`)
        if ((now - from) / (bucketMinutes * minuteMs) > mostBuckets)
          throw badField(
            'query.bucketMinutes',
            bucketMinutes,
            `makes more than ${mostBuckets} buckets of this ${window}`,
          )
        const feeder = await feederOf(feederId)
        const buckets = bucketEdges(from, now, bucketMinutes * minuteMs, days)
        const edges = intervalEdges(buckets, demand * minuteMs, now)
        const hourly = edges.every((edge) => edge % (60 * minuteMs) === 0)
        const load = await bucketLoad(database, feeder.feederId, now, hourly ? 'hour' : 'minute', edges)
        const loads = load.map(({ bucket, totalKw }) => ({ interval: bucket, totalKw }))
        const { whole, parts } = curveFigures(loads, edges, buckets, now)
        const shown = ({ energyKwh, peakKw, meanKw, loadFactor, knownHours }: typeof whole) => ({
          energyKwh: rounded(energyKwh),
          peakKw: roundedOrNull(peakKw),
          meanKw: roundedOrNull(meanKw),
          loadFactor: roundedOrNull(loadFactor),
          knownHours: rounded(knownHours),
        })
        return {
          body: {
            ...feeder,
            ...{ window, from: new Date(from).toISOString(), to: new Date(now).toISOString(), bucketMinutes },
            demandMinutes: demand,
            ...shown(whole),
            peakAt: instantOrNull(whole.peakAt),
            buckets: parts.map(({ at, ...part }) => ({ timestamp: new Date(at).toISOString(), ...shown(part) })),
          },
        }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/feeder/feeders',
      operationId: 'listFeeders',
      summary: 'Feeders, what they hang on, and how many devices hang on them',
      tag: 'feeders',
      right: 'read',
      query: Type.Object(pageQuery(1_000)),
      answers: { 200: { description: 'Feeders by their identifiers', schema: pageOf(Feeder) } },
      async handle({ query: { cursor, limit } }) {
        const page = { after: feederKeys.after(cursor)?.feederId, limit: limit + 1 }
        const feeders = await listFeeders(database, platformClock.now(), page)
        const items = feeders.map((feeder) => ({ ...feeder, limitKw: feeder.limitKw ?? defaultLimitKw }))
        return { body: feederKeys.page(items, limit, ({ feederId }) => ({ feederId })) }
      },
    }),
  ]
}

function summedUp(load: readonly TypeLoad[]) {
  return {
    totalKw: rounded(load.reduce((sum, { totalKw }) => sum + totalKw, 0)),
    deviceCount: load.reduce((sum, { count }) => sum + count, 0),
    byType: Object.fromEntries(load.map(({ type, count, totalKw }) => [type, { count, totalKw: rounded(totalKw) }])),
  }
}
