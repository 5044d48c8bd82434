import { Type } from '@sinclair/typebox'
import { wallClock } from '../clock/clock.ts'
import { IdentifierParameter, Instant, instantOrNull, Name, Nullable } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { badField, conflict, notFound } from '../http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { selectCredential } from './credential-repository.ts'
import {
  CredentialError,
  issueCredential,
  type IssuedCredential,
  listCredentials,
  revokeCredential,
  rotateCredential,
} from './credentials.ts'

const Credential = Type.Object(
  {
    deviceId: Name('The device, and the name of its user at the broker', 'meter-107'),
    issuedAt: Instant('When it was let in'),
    rotatedAt: Nullable(Instant('When it last got another password')),
    revokedAt: Nullable(Instant('Since when it is shut out; null while it is not')),
  },
  { $id: 'MqttCredential' },
)
const Issued = Type.Object(
  {
    username: Name('The user at the broker', 'meter-107'),
    password: Type.String({ description: 'Told here and now only: what is stored is its hash' }),
    issuedAt: Instant('When'),
  },
  { $id: 'IssuedMqttCredential' },
)
const params = Type.Object({ deviceId: IdentifierParameter('The device; it need not be registered yet', 'meter-107') })
const path = '/api/devices/{deviceId}/mqtt-credential' as const
const keys = new Keyset(Type.Object({ deviceId: Type.String() }))

/** With what each device proves to the broker who it is. */
export const credentialRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  const record = (event: string, { identity, address, params: { deviceId } }: ApiRequest<{ deviceId: string }>) =>
    access.recordAccess({ event, identity, address, subject: `device ${deviceId}` })

  return [
    defineRoute({
      method: 'GET',
      path: '/api/mqtt-credentials',
      operationId: 'listMqttCredentials',
      summary: 'Which devices have, or had, a user at the broker',
      tag: 'mqtt',
      right: 'administer',
      query: Type.Object(pageQuery(100, 999)),
      answers: { 200: { description: 'By device', schema: pageOf(Credential) } },
      async handle({ query: { cursor, limit } }) {
        const after = keys.after(cursor)
        const rows = await listCredentials(database, { ...(after && { after: after.deviceId }), limit: limit + 1 })
        return { body: keys.page(rows.map(shown), limit, ({ deviceId }) => ({ deviceId })) }
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      operationId: 'getMqttCredential',
      summary: 'Whether a device has, or had, a user at the broker',
      tag: 'mqtt',
      right: 'administer',
      params,
      answers: { 200: { description: 'Its credential, without what proves it', schema: Credential } },
      async handle({ params: { deviceId } }) {
        const credential = await selectCredential(database, deviceId)
        if (!credential) throw notFound('credential of device', 'path.deviceId', deviceId)
        return { body: shown(credential) }
      },
    }),
    defineRoute({
      method: 'POST',
      path,
      operationId: 'issueMqttCredential',
      summary: 'Let a device in at the broker, under its own name',
      description:
        'The password is told once. The device may write its own topics and read its own commands and setpoints.',
      tag: 'mqtt',
      right: 'administer',
      params,
      answers: { 201: { description: 'The password', schema: Issued }, 409: { description: 'It has one: rotate it' } },
      async handle(request) {
        const issued = await answering(
          () => issueCredential(database, request.params.deviceId, wallClock.now()),
          request,
        )
        await record('mqtt_credential_issued', request)
        return { status: 201, body: told(issued) }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/rotate`,
      operationId: 'rotateMqttCredential',
      summary: 'Give a device another password',
      description: 'The password is told once. Connections with the old one are cut within seconds.',
      tag: 'mqtt',
      right: 'administer',
      params,
      answers: { 200: { description: 'The password', schema: Issued } },
      async handle(request) {
        const issued = await answering(
          () => rotateCredential(database, request.params.deviceId, wallClock.now()),
          request,
        )
        await record('mqtt_credential_rotated', request)
        return { body: told(issued) }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path,
      operationId: 'revokeMqttCredential',
      summary: 'Shut a device out at the broker',
      description: 'Its connections are cut within seconds.',
      tag: 'mqtt',
      right: 'administer',
      params,
      answers: { 204: { description: 'It is shut out' } },
      async handle(request) {
        await answering(() => revokeCredential(database, request.params.deviceId, wallClock.now()), request)
        await record('mqtt_credential_revoked', request)
        return {}
      },
    }),
  ]
}

/** @throws Problem in the place of a CredentialError */
async function answering<T>(
  work: () => Promise<T>,
  { params: { deviceId } }: ApiRequest<{ deviceId: string }>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    if (error.reason === 'exists') throw conflict(error.message)
    if (error.reason === 'not_found') throw notFound('credential in force of device', 'path.deviceId', deviceId)
    throw badField('path.deviceId', deviceId, 'must be letters, digits, _ . and -, and no user of the platform')
  }
}

const told = ({ deviceId, password, at }: IssuedCredential) => ({
  ...{ username: deviceId, password, issuedAt: new Date(at).toISOString() },
})

const shown = ({ deviceId, issuedAt, rotatedAt, revokedAt }: Awaited<ReturnType<typeof listCredentials>>[number]) => ({
  deviceId,
  issuedAt: new Date(issuedAt).toISOString(),
  rotatedAt: instantOrNull(rotatedAt ?? null),
  revokedAt: instantOrNull(revokedAt ?? null),
})
