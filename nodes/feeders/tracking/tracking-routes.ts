import { Type } from '@sinclair/typebox'
import { may } from '../../../platform/access/identity.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, Name, Nullable, rounded, roundedOrNull } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { recordPersonal } from '../../../platform/network/personal-access.ts'
import type { TrackingFigures } from '../domain/tracking/tracking.ts'
import { computeTracking, trackingSpan, type DeviceFigures } from './compute.ts'
import type { FeederFigures } from './figure-repository.ts'
import { feederFigures } from './running-tracking.ts'
import { countSteered, isRegistered } from './tracked-repository.ts'

const kw = (description: string) =>
  Nullable(Type.Number({ description: `${description}, kW; null: nothing was measured while a setpoint was in force` }))
const figures = {
  minutes: Type.Integer({ description: 'Minutes with a setpoint in force and with readings' }),
  setpointKw: kw('Mean of what was told'),
  actualKw: kw('Mean of what was measured'),
  meanErrorKw: kw('Mean of what was measured less what was told, by the minute'),
  meanAbsoluteErrorKw: kw('Mean of its size'),
  rmsErrorKw: kw('Its root mean square'),
  largestErrorKw: kw('The largest, with its sign'),
  beyondKw: kw('Mean of what was drawn, or fed in, beyond what was told: less than that is within it'),
  utilisation: Nullable(Type.Number({ description: 'What was used of what was given; null: nothing was given' })),
  switchesPerHour: Type.Number({ description: 'How often it was told to go on, off or the other way' }),
}
const Feeder = Type.Object(
  {
    feederId: Name('The feeder, with all below it', 'feeder-01'),
    devices: Type.Integer({ description: 'Devices that had a setpoint' }),
    ...figures,
    jainIndex: Nullable(
      Type.Number({ description: 'Fairness of what each has of what it wants: 1 equal, 1/n all to one' }),
    ),
    importLimitKw: Nullable(Type.Number({ description: 'Tightest limit in force, kW; null: none' })),
    exportLimitKw: Nullable(Type.Number({ description: 'The same the other way' })),
    loadKw: Nullable(Type.Number({ description: 'Mean of the meter at its head, kW; null: it has none' })),
    capacityUsed: Nullable(Type.Number({ description: 'Load by limit, of the direction in which it flows' })),
  },
  { $id: 'FeederTracking' },
)
const Device = Type.Object(
  {
    deviceId: Name('The device', 'ev-001'),
    feederId: Nullable(Name('Feeder that it is on', 'feeder-01')),
    isWithheld: Type.Boolean({ description: 'Its figures are personal data that the caller may not see' }),
    ...figures,
  },
  { $id: 'DeviceTracking' },
)

const keys = new Keyset(Type.Object({ deviceId: Type.String() }))
/** Minutes of devices that one answer rests on. */
const mostMinutes = 500_000

/** How setpoints are followed. */
export const trackingRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/metrics/tracking-error',
    operationId: 'getTrackingError',
    summary: 'How well devices follow their setpoints, and how calmly and fairly feeders are shared',
    description:
      "Over the last minutes, TRACKING_ERROR_WINDOW_MINUTES unless `windowMinutes` is given: measured power less setpoint, by the minute, of the minutes in which a setpoint was in force all the time. Devices in pages; feeders with all that is below them. Figures of a consumer unit's meter are withheld from those who may not see personal data; for others the read is recorded in the access log.",
    tag: 'feeders',
    right: 'read',
    query: Type.Object({
      deviceId: Type.Optional(IdentifierParameter('This device only', 'ev-001')),
      feederId: Type.Optional(IdentifierParameter('Devices on this feeder and below it only', 'feeder-01')),
      windowMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 240, description: 'How far back, min' })),
      ...pageQuery(),
    }),
    answers: {
      200: {
        description: 'The figures',
        schema: Type.Composite([
          Type.Object({
            at: Instant('End of what they are of'),
            windowMinutes: Type.Integer(),
            devices: Type.Integer({ description: 'Devices that had a setpoint' }),
            feeders: Type.Array(Feeder, { description: 'By their identifiers' }),
          }),
          pageOf(Device),
        ]),
      },
    },
    async handle(request) {
      const { deviceId = null, feederId = null, windowMinutes: asked, cursor, limit } = request.query
      for (const [what, id] of [
        ['device', deviceId],
        ['feeder', feederId],
      ] as const)
        if (id !== null && !(await isRegistered(database, what, id))) throw notFound(what, `query.${what}Id`, id)
      const windowMinutes = asked ?? environment.TRACKING_ERROR_WINDOW_MINUTES
      const span = await trackingSpan(database, platformClock.now(), windowMinutes)
      const steered = deviceId === null ? await countSteered(database, span.from) : 1
      if (asked !== undefined && steered * windowMinutes > mostMinutes)
        throw badField(
          'query.windowMinutes',
          windowMinutes,
          `takes ${Math.max(1, Math.floor(mostMinutes / steered))} at most with ${steered} devices: ask for one device`,
        )
      const computed = await computeTracking(database, span, { deviceId, feederId })
      const feeders = deviceId === null ? await feederFigures(database, computed, span) : []
      const after = keys.after(cursor)?.deviceId ?? ''
      const rest = computed.devices.filter((one) => one.deviceId > after).slice(0, limit + 1)
      const page = keys.page(rest, limit, (one) => ({ deviceId: one.deviceId }))
      const mayAll = may(request.identity, 'personal')
      const unitIds = page.items.flatMap(({ device }) => device.unitIds)
      if (mayAll && unitIds.length > 0) await recordPersonal(access, request, 'consumption_read', unitIds)
      return {
        body: {
          ...{ at: new Date(span.to).toISOString(), windowMinutes, devices: computed.all.devices },
          feeders: feeders.map(shownFeeder),
          items: page.items.map((one) => shownDevice(one, mayAll)),
          nextCursor: page.nextCursor,
        },
      }
    },
  }),
]

const shownFigures = (of: TrackingFigures) => ({
  ...{ minutes: of.minutes, setpointKw: roundedOrNull(of.setpointKw), actualKw: roundedOrNull(of.actualKw) },
  ...{ meanErrorKw: roundedOrNull(of.meanErrorKw), meanAbsoluteErrorKw: roundedOrNull(of.meanAbsoluteErrorKw) },
  ...{ rmsErrorKw: roundedOrNull(of.rmsErrorKw), largestErrorKw: roundedOrNull(of.largestErrorKw) },
  ...{ beyondKw: roundedOrNull(of.beyondKw), utilisation: roundedOrNull(of.utilisation) },
  switchesPerHour: rounded(of.switchesPerHour),
})

function shownFeeder(feeder: FeederFigures) {
  const { feederId, devices, jainIndex, importLimitKw, exportLimitKw, loadKw } = feeder
  const limitKw = (loadKw ?? 0) >= 0 ? importLimitKw : exportLimitKw
  const capacityUsed = loadKw === null || limitKw === null || limitKw === 0 ? null : Math.abs(loadKw) / limitKw
  return {
    ...{ feederId, devices, ...shownFigures(feeder), jainIndex: roundedOrNull(jainIndex) },
    ...{ importLimitKw: roundedOrNull(importLimitKw), exportLimitKw: roundedOrNull(exportLimitKw) },
    ...{ loadKw: roundedOrNull(loadKw), capacityUsed: roundedOrNull(capacityUsed) },
  }
}

const withheldFigures: TrackingFigures = {
  ...{ minutes: 0, setpointKw: null, actualKw: null, meanErrorKw: null, meanAbsoluteErrorKw: null, rmsErrorKw: null },
  ...{ largestErrorKw: null, beyondKw: null, utilisation: null, switchesPerHour: 0 },
}

function shownDevice(one: DeviceFigures, mayAll: boolean) {
  const isWithheld = !mayAll && one.device.unitIds.length > 0
  const { deviceId, feederId } = one
  return { deviceId, feederId, isWithheld, ...shownFigures(isWithheld ? withheldFigures : one) }
}
