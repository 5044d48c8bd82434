import { Type } from '@sinclair/typebox'
import { wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, Name } from '../../../platform/http/fields.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { findKey, issueKey, type IssuedKey } from './key-repository.ts'
import { signingSecret } from './signing-secret.ts'
import { deviceKey } from './signing.ts'

const issued = {
  deviceId: Name('The device', 'sw-001'),
  issue: Type.Integer({ minimum: 1, description: 'How often its key was told: each is another one' }),
  issuedBy: Name('To whom it was told', 'admin'),
  issuedAt: Instant('When'),
}
const Issued = Type.Object(issued, { $id: 'IssuedCommandKey' })
const ToldKey = Type.Object(
  { ...issued, key: Type.String({ description: 'Told here and now only: 32 bytes, base64url' }) },
  { $id: 'CommandKey' },
)
const params = Type.Object({ deviceId: IdentifierParameter('The device; it need not be registered yet', 'sw-001') })
const path = '/api/devices/{deviceId}/command-key' as const

/** By which each device knows that a command is ours. */
export const keyRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path,
    operationId: 'getCommandKey',
    summary: 'When the key was told by which a device knows its commands',
    ...{ tag: 'commands', right: 'administer' as const },
    params,
    answers: { 200: { description: 'The latest time, without the key', schema: Issued } },
    async handle({ params: { deviceId } }) {
      const found = await findKey(database, deviceId)
      if (!found) throw notFound('command key of device', 'path.deviceId', deviceId)
      return { body: shown(found) }
    },
  }),
  defineRoute({
    method: 'POST',
    path,
    operationId: 'issueCommandKey',
    summary: 'Give a device another key by which it knows its commands',
    description:
      'The key is told once, and holds from then on: what is sent to a device that checks signatures is signed with it, and no more with the one before.',
    ...{ tag: 'commands', right: 'administer' as const },
    params,
    answers: { 201: { description: 'The key', schema: ToldKey } },
    async handle({ params: { deviceId }, identity, address }) {
      const one = await issueKey(database, deviceId, identity!.username, wallClock.now())
      await access.recordAccess({ event: 'command_key_issued', identity, address, subject: `device ${deviceId}` })
      const key = deviceKey(signingSecret(environment), deviceId, one.issue).toString('base64url')
      return { status: 201, body: { ...shown(one), key } }
    },
  }),
]

const shown = ({ issuedAt, ...one }: IssuedKey) => ({ ...one, issuedAt: new Date(issuedAt).toISOString() })
