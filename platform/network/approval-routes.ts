import { Type } from '@sinclair/typebox'
import { IdentifierParameter, Instant, Name, Nullable, OneOf } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { notFound } from '../http/problem.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { readingKinds } from '../wire/reading.ts'
import { statuses } from './record-kinds.ts'
import { findRecord } from './record-repository.ts'
import { listPending } from './registry-repository.ts'

const Pending = Type.Object(
  {
    deviceId: Name('The device', 'pv-666'),
    kind: Nullable(OneOf(readingKinds, 'What it reports; null: only events or presence so far')),
    firstSeenAt: Instant('When it was first heard of'),
    claim: Nullable(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'What it says of itself: applied where it is approved and nothing else is registered',
        examples: [{ derType: 'pv', feederId: 'feeder-01', siteId: 'house-09', pMaxKw: 5 }],
      }),
    ),
  },
  { $id: 'PendingDevice' },
)
const Decision = Type.Object(
  {
    deviceId: Name('The device', 'pv-666'),
    status: OneOf(statuses, 'As it is now'),
    changed: Type.Boolean({ description: 'false: it was so before' }),
  },
  { $id: 'ApprovalDecision' },
)
const keys = new Keyset(Type.Object({ deviceId: Type.String() }))

/** New devices, and whether they may come in. */
export const approvalRoutes = ({ database, registry, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/registry/pending',
    operationId: 'listPendingDevices',
    summary: 'Devices that wait for approval, with what they say of themselves',
    tag: 'registry',
    right: 'administer',
    query: Type.Object(pageQuery()),
    answers: { 200: { description: 'Devices by identifier', schema: pageOf(Pending) } },
    async handle({ query: { cursor, limit } }) {
      const rows = await listPending(database, { after: keys.after(cursor)?.deviceId, limit: limit + 1 })
      const items = rows.map(({ firstSeenAt, ...row }) => ({ ...row, firstSeenAt: firstSeenAt.toISOString() }))
      return { body: keys.page(items, limit, ({ deviceId }) => ({ deviceId })) }
    },
  }),
  ...(['approve', 'reject'] as const).map((verb) =>
    defineRoute({
      method: 'POST',
      path: `/api/registry/devices/{deviceId}/${verb}`,
      operationId: `${verb}Device`,
      summary: verb === 'approve' ? 'Let a device in' : 'Keep a device out',
      description:
        verb === 'approve'
          ? 'With the place and rating that it claimed, where nothing else is registered. What it sent meanwhile waits in quarantine, to be replayed.'
          : 'What it sends goes to quarantine. It can be approved later.',
      tag: 'registry',
      right: 'administer',
      params: Type.Object({ deviceId: IdentifierParameter('The device', 'pv-666') }),
      answers: { 200: { description: 'The decision, made now or before', schema: Decision } },
      async handle({ params: { deviceId }, identity, address }) {
        const device = await findRecord(database, 'devices', deviceId)
        if (!device) throw notFound('device', 'path.deviceId', deviceId)
        const status = verb === 'approve' ? 'active' : 'rejected'
        // Who is in already is not given what it claimed, once more.
        if (device['status'] === status) return { body: { deviceId, status, changed: false } }
        const changed = await registry[verb]([deviceId])
        const event = verb === 'approve' ? 'device_approved' : 'device_rejected'
        await access.recordAccess({ event, identity, address, subject: `device ${deviceId}` })
        return { body: { deviceId, status, changed: changed.length > 0 } }
      },
    }),
  ),
]
