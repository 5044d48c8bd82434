import { Type } from '@sinclair/typebox'
import { wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, instantOrNull, Name, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { readingKinds } from '../../../platform/wire/reading.ts'
import {
  findCapabilities,
  listCapabilities,
  recordCapabilities,
  type RecordedCapabilities,
} from './capability-repository.ts'

const Capabilities = Type.Object({
  ledger: Type.Boolean({
    description: 'It remembers what became of each command, and does none twice: it may be told again',
  }),
  expiry: Type.Boolean({ description: 'It refuses by its own clock what comes too late' }),
  select: Type.Boolean({ description: 'It can be armed first' }),
  clock: Type.Boolean({ description: 'Its clock is set by the network' }),
  signature: Type.Boolean({ description: 'It obeys nothing that is not signed: its commands are signed' }),
})

const Recorded = Type.Object(
  {
    deviceId: Name('The device', 'sw-001'),
    kind: Nullable(OneOf(readingKinds, 'What it reports; null: nothing that says so yet')),
    capabilities: Capabilities,
    isProven: Type.Boolean({ description: 'The conformance check has seen it; otherwise somebody says so' }),
    recordedBy: Nullable(Name('Who recorded it; null: nobody has, and nothing is taken for granted', 'admin')),
    recordedAt: Nullable(Instant('When')),
    claimed: Type.Array(Type.String(), { description: 'What the device says of itself: nothing goes by it' }),
  },
  { $id: 'CommandCapabilities' },
)

const params = Type.Object({ deviceId: IdentifierParameter('The device', 'sw-001') })
const path = '/api/devices/{deviceId}/command-capabilities' as const
const keys = new Keyset(Type.Object({ deviceId: Type.String() }))
const tag = 'commands'

/** What devices can do with commands. */
export const capabilityRoutes = ({ database, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/command-capabilities',
    operationId: 'listCommandCapabilities',
    summary: 'What each device can do with commands',
    ...{ tag, right: 'read' as const },
    query: Type.Object({
      kind: Type.Optional(OneOf(readingKinds, 'Of devices of this kind')),
      contains: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 64,
          description: 'Of devices that have this in their name, large or small',
        }),
      ),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'By device', schema: pageOf(Recorded) } },
    async handle({ query: { cursor, limit, ...filter } }) {
      const rows = await listCapabilities(database, filter, { after: keys.after(cursor)?.deviceId, limit: limit + 1 })
      return { body: keys.page(rows.map(shown), limit, ({ deviceId }) => ({ deviceId })) }
    },
  }),
  defineRoute({
    method: 'GET',
    path,
    operationId: 'getCommandCapabilities',
    summary: 'What a device can do with commands',
    ...{ tag, right: 'read' as const },
    params,
    answers: { 200: { description: 'As it is recorded', schema: Recorded } },
    async handle({ params: { deviceId } }) {
      const found = await findCapabilities(database, deviceId)
      if (!found) throw notFound('device', 'path.deviceId', deviceId)
      return { body: shown(found) }
    },
  }),
  defineRoute({
    method: 'PUT',
    path,
    operationId: 'recordCommandCapabilities',
    summary: 'Say what a device can do with commands',
    description:
      'Commands that are accepted from then on go by it. What the conformance check records of a device (`--record`) takes the place of it.',
    ...{ tag, right: 'administer' as const },
    params,
    body: Capabilities,
    answers: { 200: { description: 'As it is recorded', schema: Recorded } },
    async handle({ params: { deviceId }, body, identity, address }) {
      const by = { isProven: false, recordedBy: identity!.username, recordedAt: wallClock.now() }
      const isThere = await recordCapabilities(database, deviceId, body, by)
      const found = isThere ? await findCapabilities(database, deviceId) : undefined
      if (!found) throw notFound('device', 'path.deviceId', deviceId)
      const detail = Object.keys(body).filter((name) => body[name as keyof typeof body])
      const entry = { event: 'command_capabilities_recorded', subject: `device ${deviceId}` }
      await access.recordAccess({ ...entry, identity, address, detail: detail.join(' ') || 'none' })
      return { body: shown(found) }
    },
  }),
]

const shown = ({ recordedAt, ...one }: RecordedCapabilities) => ({ ...one, recordedAt: instantOrNull(recordedAt) })
