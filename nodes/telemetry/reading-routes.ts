import { Type } from '@sinclair/typebox'
import { may } from '../../platform/access/identity.ts'
import { IdentifierParameter, InstantParameter, instantOrNull } from '../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import type { ReadingKind } from '../../platform/wire/reading.ts'
import { recordPersonal } from '../../platform/network/personal-access.ts'
import { withoutCar, withoutConsumption } from '../../platform/wire/unit-privacy.ts'
import { readingCsv, ReadingSchema } from './reading-fields.ts'
import { findReadingDevice, readReadings, type StoredReading } from './readings-repository.ts'

/** The newest reading of a page, and how many there are of one instant: one, a device has one reading an instant. */
const readingKeys = new Keyset(Type.Object({ at: instantKey }))

/** The readings of a device, as they were stored. */
export const readingRoutes = ({ database, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/telemetry/{deviceId}',
    operationId: 'listReadings',
    summary: 'Readings of a device, newest first',
    description:
      "As they were stored, each with its quality. Power and currents of a consumer unit's meter are left out for those who may not see personal data; for others the read is recorded in the access log. A device that reported nothing but events has no readings.",
    tag: 'devices',
    right: 'read',
    params: Type.Object({ deviceId: IdentifierParameter('The device', 'pv-001') }),
    query: Type.Object({
      from: Type.Optional(InstantParameter('Not before this instant')),
      to: Type.Optional(InstantParameter('Not after this instant')),
      ...pageQuery(100, 5_000),
    }),
    answers: { 200: { description: 'Readings, newest first', schema: pageOf(ReadingSchema) } },
    csv: readingCsv,
    async handle(request) {
      const { deviceId } = request.params
      const { from = -Infinity, to = Infinity, cursor, limit } = request.query
      if (from > to) throw badField('query.from', new Date(from).toISOString(), 'must not be after to')
      const device = await findReadingDevice(database, deviceId)
      if (!device) throw notFound('device', 'path.deviceId', deviceId)
      const before = readingKeys.after(cursor)?.at ?? Infinity
      const { kind } = device
      if (kind === null) return { body: { items: [], nextCursor: null } }
      const until = Math.min(to, before - 1)
      const rows = await readReadings(database, device.deviceKey, kind, { from, to: until, limit: limit + 1 })
      const { items, nextCursor } = readingKeys.page(rows, limit, ({ at }) => ({ at }))
      const isOfUnit = device.unitIds.length > 0
      const mayConsumption = may(request.identity, 'personal')
      const without = mayConsumption ? undefined : isOfUnit ? withoutConsumption : withoutCar
      if (isOfUnit && mayConsumption && items.length > 0)
        await recordPersonal(access, request, 'consumption_read', device.unitIds)
      return { body: { items: items.map((row) => shownReading(deviceId, kind, row, without)), nextCursor } }
    },
  }),
]

/** What is left out of the measures of a device for those who may not see personal data. */
type Without = (measures: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

function shownReading(deviceId: string, kind: ReadingKind, row: StoredReading, without: Without | undefined) {
  const { at, receivedAt, quality, ...measures } = row
  const seen = without?.(measures) ?? measures
  const withheld = without === withoutConsumption || seen !== measures
  return {
    ...{ deviceId, timestamp: new Date(at).toISOString(), receivedAt: instantOrNull(receivedAt), kind, quality },
    ...(withheld && { withheld }),
    ...seen,
  }
}
