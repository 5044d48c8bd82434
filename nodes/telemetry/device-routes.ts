import { Type } from '@sinclair/typebox'
import { may } from '../../platform/access/identity.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, Name, Nullable, OneOf, roundedOrNull } from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { readingKinds } from '../../platform/wire/reading.ts'
import { findDevice, listDevices, type DeviceRow } from './device-repository.ts'
import { qualities } from './reading-fields.ts'
import { recordPersonal } from '../../platform/network/personal-access.ts'
import { withoutCar, withoutConsumption } from '../../platform/wire/unit-privacy.ts'

const statuses = ['active', 'pending', 'rejected'] as const
const deviceType = Type.String({
  pattern: '^[a-z][a-z0-9_-]{0,31}$',
  description: 'pv, battery, ev …, or the kind',
  examples: ['pv'],
})

const Device = Type.Object(
  {
    deviceId: Name('The device', 'pv-001'),
    kind: Nullable(OneOf(readingKinds, 'What it reports; null: only events or presence so far')),
    type: Nullable(Name('pv, battery, ev … of a DER, else the kind', 'pv')),
    status: OneOf(
      statuses,
      'active: its readings are stored; pending: it waits for approval; rejected: it is kept out',
    ),
    feederId: Nullable(Name('Its feeder: its own, else that of its unit, else that of its site', 'feeder-01')),
    siteId: Nullable(Name('Its site', 'house-01')),
    ratedKw: Nullable(Type.Number({ description: 'Rated power, kW' })),
    priority: Nullable(Type.Integer({ description: '0 to 100' })),
    isPhysical: Type.Boolean({ description: 'false: simulated' }),
    silent: Type.Boolean({ description: 'Not heard for SILENT_AFTER_SECONDS, or said that it went offline' }),
    withheld: Type.Boolean({
      description:
        "Whether something of its latest reading is left out, since the caller may not see personal data: power, currents and contact of a consumer unit's meter, or what a charge point says of its car",
    }),
    latest: Nullable(
      Type.Object({
        timestamp: Instant('When it was measured'),
        receivedAt: Instant('When it was received'),
        quality: OneOf(qualities, 'How far it can be trusted'),
        powerKw: Nullable(
          Type.Number({ description: 'Power at the terminals, kW; consumption positive, generation negative' }),
        ),
        measures: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]), {
          description: 'What it measured, units in the names; powers as powerKw',
        }),
      }),
    ),
  },
  { $id: 'Device' },
)

const deviceKeys = new Keyset(Type.Object({ deviceId: Type.String() }))
const deviceIdOf = ({ deviceId }: { deviceId: string }) => ({ deviceId })

const text = (name: string) => ({ name, kind: 'text' as const })
const latest = <K extends keyof NonNullable<ShownDevice['latest']>>(name: K, kind: 'text' | 'number') => ({
  ...{ name, kind, value: (device: ShownDevice) => device.latest?.[name] },
})
const csv = [
  ...['deviceId', 'kind', 'type', 'status', 'feederId', 'siteId'].map(text),
  { name: 'ratedKw', kind: 'number' as const },
  { name: 'priority', kind: 'number' as const },
  ...['isPhysical', 'silent', 'withheld'].map(text),
  ...[latest('timestamp', 'text'), latest('receivedAt', 'text'), latest('quality', 'text')],
  ...[latest('powerKw', 'number'), latest('measures', 'text')],
]

/** The devices and what they reported last. */
export const deviceRoutes = ({ database, environment, access }: Services): readonly ApiRoute[] => {
  const hearing = () => ({ now: platformClock.now(), silentAfterMs: environment.SILENT_AFTER_SECONDS * 1_000 })

  /** Consumption of units is shown to whom it may be, and that is written down. */
  async function shownTo(request: Pick<ApiRequest, 'identity' | 'address'>, rows: readonly DeviceRow[]) {
    const mayConsumption = may(request.identity, 'personal')
    const seen = rows.filter(({ unitIds, latest }) => unitIds.length > 0 && latest)
    if (mayConsumption)
      await recordPersonal(
        access,
        request,
        'consumption_read',
        seen.flatMap(({ unitIds }) => unitIds),
      )
    return rows.map((row) => shownDevice(row, mayConsumption))
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/devices',
      operationId: 'listDevices',
      summary: 'Devices with their latest readings',
      description:
        "Power and currents of consumer units' meters are left out for those who may not see personal data; for others the read is recorded in the access log.",
      tag: 'devices',
      right: 'read',
      query: Type.Object({
        feederId: Type.Optional(IdentifierParameter('On this feeder, or one below it', 'feeder-01')),
        kind: Type.Optional(OneOf(readingKinds, 'Of this kind')),
        type: Type.Optional(deviceType),
        status: Type.Optional(OneOf(statuses, 'Of this status')),
        silent: Type.Optional(Type.Boolean({ description: 'Silent ones, or those that report' })),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Devices by their identifiers', schema: pageOf(Device) } },
      csv,
      async handle(request) {
        const { cursor, limit, ...filter } = request.query
        const page = { after: deviceKeys.after(cursor)?.deviceId, limit: limit + 1 }
        const rows = await listDevices(database, filter, hearing(), page)
        const { items, nextCursor } = deviceKeys.page(rows, limit, deviceIdOf)
        return { body: { items: await shownTo(request, items), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/devices/{deviceId}',
      operationId: 'getDevice',
      summary: 'A device with its latest reading',
      tag: 'devices',
      right: 'read',
      params: Type.Object({ deviceId: IdentifierParameter('The device', 'pv-001') }),
      answers: { 200: { description: 'The device', schema: Device } },
      async handle(request) {
        const { deviceId } = request.params
        const row = await findDevice(database, deviceId, hearing())
        if (!row) throw notFound('device', 'path.deviceId', deviceId)
        const [device] = await shownTo(request, [row])
        return { body: device }
      },
    }),
  ]
}

type ShownDevice = ReturnType<typeof shownDevice>

function shownDevice({ unitIds, latest, ...device }: DeviceRow, mayConsumption: boolean) {
  const ofUnit = unitIds.length > 0 && !mayConsumption
  const measures = latest && shownMeasures(latest.measures, ofUnit, mayConsumption)
  return {
    ...device,
    withheld: ofUnit || measures !== latest?.measures,
    latest: latest && {
      timestamp: new Date(latest.at).toISOString(),
      receivedAt: new Date(latest.receivedAt).toISOString(),
      quality: latest.quality,
      powerKw: ofUnit ? null : roundedOrNull(latest.powerKw),
      measures: measures!,
    },
  }
}

/** What may be seen of the measures of a device; the same object where nothing is left out. */
function shownMeasures<T>(measures: Readonly<Record<string, T>>, ofUnit: boolean, mayConsumption: boolean) {
  if (ofUnit) return withoutConsumption(measures)
  return mayConsumption ? measures : withoutCar(measures)
}
