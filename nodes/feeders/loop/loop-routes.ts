import { Type } from '@sinclair/typebox'
import { may } from '../../../platform/access/identity.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import {
  IdentifierParameter,
  Instant,
  instantOrNull,
  Name,
  Nullable,
  OneOf,
  rounded,
  roundedOrNull,
} from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import type { FeederLoad } from '../domain/allocation/allocation.ts'
import { explanation, type Language, type LeftAlone } from '../domain/explain.ts'
import type { ShareDetail } from '../domain/orders.ts'
import {
  askedDevice,
  feederFamily,
  listedShares,
  storedAllocation,
  storedShare,
  type AskedDevice,
  type ListedShare,
  type StoredAllocation,
  type StoredShare,
} from './explain-repository.ts'

const kw = (description: string) => Type.Number({ description: `${description}, kW; consumption positive` })
const kinds = ['feeder', 'shed', 'wanted', 'device', 'least-power', 'held', 'lost'] as const

const BindingShown = Type.Object(
  {
    kind: OneOf(kinds, 'What keeps it from more'),
    feederId: Nullable(Name('Feeder whose limit, or below which a target, binds', 'feeder-01')),
    line: Nullable(OneOf(['total', 'A', 'B', 'C'], 'All phases, or one')),
    direction: Nullable(OneOf(['import', 'export'], 'Towards the loads, or back')),
    limitKw: Nullable(Type.Number({ description: 'The limit, kW' })),
    source: Nullable(Type.String({ description: 'Who set it: registry, event:12 …' })),
  },
  { $id: 'AllocationBinding' },
)

const Share = Type.Object(
  {
    deviceId: Name('The device', 'ev-001'),
    feederId: Name('Its feeder', 'feeder-01'),
    kind: OneOf(['ev', 'battery', 'pv'], 'What it is'),
    powerKw: kw('What was shared out to it'),
    wantedKw: kw('What it would take were there no limit'),
    deficitKw: Type.Number({ description: 'What it wanted and did not get, kW' }),
    toldKw: Nullable(kw('What it is to follow')),
    toldUntil: Nullable(Instant('Until when')),
    measuredKw: Nullable(kw('What was measured of it when it was shared out')),
    weight: Type.Number({ description: 'Weight of its needs' }),
    marginalPrice: Nullable(Type.Number({ description: 'What one more kW would cost, R$/kWh, where a solver says' })),
    isLost: Type.Boolean({ description: 'It does not hear us' }),
    binding: BindingShown,
  },
  { $id: 'AllocatedDevice' },
)

const Load = Type.Object(
  {
    feederId: Name('The feeder', 'feeder-01'),
    line: OneOf(['total', 'A', 'B', 'C'], 'All phases, or one'),
    highKw: kw('What it carries at most, with all below'),
    lowKw: kw('What it carries at least'),
    importLimitKw: Nullable(Type.Number({ description: 'Null: not limited' })),
    exportLimitKw: Nullable(Type.Number({ description: 'Null: not limited' })),
    violationKw: Type.Number({ description: 'By how much it goes beyond a limit' }),
    unavoidableKw: Type.Number({ description: 'Part of that which no setpoint could avoid' }),
  },
  { $id: 'AllocatedFeeder' },
)

const Round = {
  rootFeederId: Name('The root feeder that it was shared out under', 'feeder-00'),
  timestamp: Instant('Beginning of the interval'),
  mode: OneOf(['heuristic', 'optimizer', 'mpc'], 'How it was shared out'),
  fallback: Nullable(Type.Object({ asked: Type.String(), reason: Type.String() })),
  cause: OneOf(['interval', 'breach', 'change', 'start'], 'Why just then'),
  solverMs: Type.Number(),
  roundMs: Type.Number(),
}

const Explanation = Type.Object(
  {
    deviceId: Name('The device', 'ev-001'),
    sentence: Type.Object({ en: Type.String(), pt: Type.String() }, { description: 'Why, in a sentence or two' }),
    leftAlone: Nullable(
      OneOf(
        ['unapproved', 'not-steerable', 'no-rating', 'no-feeder', 'no-limit', 'no-round'],
        'Why it takes no part; null: it does',
      ),
    ),
    path: Type.Array(Type.String(), { description: 'Its feeders, from its own up to the root' }),
    share: Nullable(Share),
    round: Nullable(Type.Object(Round)),
    numbers: Nullable(
      Type.Object({
        phases: Type.String({ description: 'Phases that it is connected to' }),
        ratedKw: Type.Number(),
        fromKw: kw('Least that it could be told'),
        untilKw: kw('Most that it could be told'),
        leastOnKw: kw('Least while it draws at all'),
        contractedKw: kw('By contract'),
        held: Nullable(OneOf(['on', 'off'], 'By a minimum time')),
        isSpared: Type.Boolean({ description: 'Demand response spares it' }),
        priority: Nullable(Type.Integer()),
        soc: Nullable(Type.Number({ description: 'State of charge, 0 to 1' })),
        deficitKwh: Type.Number({ description: 'What it has gone short of, fading with time, kWh' }),
        lost: Nullable(
          Type.Object({
            why: OneOf(['offline', 'silent', 'never-heard'], 'Why it counts as lost'),
            heardAt: Nullable(Instant('When it was last heard')),
            lowKw: kw('The least it is counted at'),
            highKw: kw('The most it is counted at'),
          }),
        ),
        withheld: Type.Boolean({
          description: 'Whether what follows is left out: the caller may not see personal data',
        }),
        energyNeededKwh: Nullable(Type.Number({ description: 'What its car still needs, kWh' })),
        departsAt: Nullable(Instant('When its car leaves')),
      }),
    ),
    feeders: Type.Array(Load, { description: 'What the feeders above it carry' }),
  },
  { $id: 'SetpointExplanation' },
)

const AllocationShown = Type.Object(
  {
    feederId: Name('The feeder', 'feeder-01'),
    ...Round,
    totals: Type.Object({
      consumedKw: Type.Number(),
      dischargedKw: Type.Number(),
      generatedKw: Type.Number(),
      curtailedKw: Type.Number(),
      deficitKw: Type.Number(),
      shedShortfallKw: Type.Record(Type.String(), Type.Number()),
    }),
    feeders: Type.Array(Load, { description: 'It and those below it' }),
    devices: pageOf(Share),
  },
  { $id: 'FeederAllocation' },
)

const shareKeys = new Keyset(Type.Object({ deviceId: Type.String() }))

/** What the control loop came to, and why. */
export const loopRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const showInstant = instantsIn(environment.TIME_ZONE)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/feeder/explain',
      operationId: 'explainSetpoint',
      summary: 'Why a device has the setpoint that it has',
      description:
        'From the newest round of the control loop, in a sentence and in numbers. What a charge point says of the car at it is left out for those who may not see personal data.',
      tag: 'feeders',
      right: 'read',
      query: Type.Object({ deviceId: IdentifierParameter('The device', 'ev-001') }),
      answers: { 200: { description: 'Why', schema: Explanation } },
      async handle({ query: { deviceId }, identity }) {
        const device = await askedDevice(database, deviceId, platformClock.now())
        if (!device) throw notFound('device', 'query.deviceId', deviceId)
        const left = leftAlone(device)
        const share = left === null ? await storedShare(database, deviceId) : undefined
        const root = share?.rootId ?? device.path.at(-1)
        const round = root === undefined ? undefined : await storedAllocation(database, root)
        const alone = left ?? (share ? null : round ? 'no-limit' : 'no-round')
        const feeders = round ? round.allocation.feeders.filter(({ feederId }) => device.path.includes(feederId)) : []
        const explained = { deviceId, path: device.path, share: share ?? null, left: alone, feeders }
        return {
          body: {
            deviceId,
            sentence: explanation(explained, showInstant),
            ...{ leftAlone: alone, path: device.path },
            share: share ? shownShare({ ...share, deviceId, feederId: device.path[0]! }) : null,
            round: round ? shownRound(round) : null,
            numbers: share ? shownNumbers(share, may(identity, 'personal')) : null,
            feeders: feeders.map(shownLoad),
          },
        }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/feeders/{feederId}/allocation',
      operationId: 'getFeederAllocation',
      summary: 'How the capacity of a feeder was shared out last',
      description:
        'The newest round of the control loop over its root feeder: what it and those below it carry, and a page of the devices on them.',
      tag: 'feeders',
      right: 'read',
      params: Type.Object({ feederId: IdentifierParameter('The feeder', 'feeder-01') }),
      query: Type.Object(pageQuery(1_000)),
      answers: { 200: { description: 'The newest allocation', schema: AllocationShown } },
      async handle({ params: { feederId }, query: { cursor, limit } }) {
        const family = await feederFamily(database, feederId)
        if (!family) throw notFound('feeder', 'path.feederId', feederId)
        const round = await storedAllocation(database, family.rootId)
        if (!round) throw notFound('allocation of feeder', 'path.feederId', feederId)
        const isBelow = new Set(family.below)
        const shares = await listedShares(database, family.below, shareKeys.after(cursor)?.deviceId, limit + 1)
        return {
          body: {
            feederId,
            ...shownRound(round),
            totals: round.allocation.totals,
            feeders: round.allocation.feeders.filter((load) => isBelow.has(load.feederId)).map(shownLoad),
            devices: shareKeys.page(shares.map(shownShare), limit, ({ deviceId }) => ({ deviceId })),
          },
        }
      },
    }),
  ]
}

/** What of the registry keeps a device from being steered; null: nothing. */
function leftAlone({ kind, derType, status, ratedKw, feederId }: AskedDevice): LeftAlone | null {
  if (kind !== 'der' || !['ev', 'battery', 'pv'].includes(derType ?? '')) return 'not-steerable'
  if (status !== 'active') return 'unapproved'
  if (ratedKw === null) return 'no-rating'
  return feederId === null ? 'no-feeder' : null
}

function shownShare({ deviceId, feederId, powerKw, deficitKw, toldKw, toldUntil, detail }: ListedShare) {
  return {
    ...{ deviceId, feederId, kind: detail.kind, powerKw: rounded(powerKw), wantedKw: rounded(detail.wantedKw) },
    ...{ deficitKw: rounded(deficitKw), toldKw: roundedOrNull(toldKw), toldUntil: instantOrNull(toldUntil) },
    ...{ measuredKw: roundedOrNull(detail.measuredKw), weight: rounded(detail.weight) },
    ...{ marginalPrice: roundedOrNull(detail.marginalPrice), isLost: detail.lost !== null },
    binding: shownBinding(detail.binding),
  }
}

function shownBinding(binding: ShareDetail['binding']) {
  const none = { feederId: null, line: null, direction: null, limitKw: null, source: null }
  if (binding.kind === 'feeder') return { ...binding, limitKw: rounded(binding.limitKw) }
  if (binding.kind === 'shed')
    return { ...none, kind: binding.kind, feederId: binding.feederId, source: binding.targetId }
  return { ...none, kind: binding.kind }
}

function shownRound({ rootId, at, cause, roundMs, solverMs, allocation: { mode, fallback } }: StoredAllocation) {
  return {
    ...{ rootFeederId: rootId, timestamp: new Date(at).toISOString(), mode, fallback, cause },
    ...{ solverMs: rounded(solverMs, 3), roundMs: rounded(roundMs, 3) },
  }
}

function shownNumbers({ detail, deficitKwh }: StoredShare, mayPersonal: boolean) {
  const { phases, ratedKw, fromKw, untilKw, leastOnKw, contractedKw, held, isSpared, priority, soc, lost } = detail
  return {
    ...{ phases, ratedKw, fromKw, untilKw, leastOnKw, contractedKw, held, isSpared, priority },
    ...{ soc: roundedOrNull(soc), deficitKwh: rounded(deficitKwh), withheld: !mayPersonal },
    lost: lost && {
      ...{ why: lost.loss, heardAt: instantOrNull(lost.heardAt), lowKw: lost.lowKw, highKw: lost.highKw },
    },
    energyNeededKwh: mayPersonal ? roundedOrNull(detail.energyNeededKwh) : null,
    departsAt: mayPersonal ? instantOrNull(detail.departsAt) : null,
  }
}

const shownLoad = (load: FeederLoad) => ({
  ...{ feederId: load.feederId, line: load.line, highKw: rounded(load.highKw), lowKw: rounded(load.lowKw) },
  ...{ importLimitKw: roundedOrNull(load.importLimitKw), exportLimitKw: roundedOrNull(load.exportLimitKw) },
  ...{ violationKw: rounded(load.violationKw), unavoidableKw: rounded(load.unavoidableKw) },
})

/** Instants as people read them, by language. */
function instantsIn(timeZone: string): (at: number, language: Language) => string {
  const of = (locale: string) => new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const shown: Readonly<Record<Language, Intl.DateTimeFormat>> = { en: of('en-US'), pt: of('pt-BR') }
  return (at, language) => shown[language].format(at)
}
