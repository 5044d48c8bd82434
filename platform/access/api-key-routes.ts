import { Type } from '@sinclair/typebox'
import { wallClock } from '../clock/clock.ts'
import { Instant, Nullable, OneOf } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { conflict, notFound } from '../http/problem.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { keyScopes, makeKey } from './api-key.ts'
import { endKey, insertKey, selectKeys, type ApiKey } from './api-key-repository.ts'

const fields = {
  keyId: Type.String({ examples: ['0123456789abcdef'] }),
  name: Type.String({ description: 'Whose it is', examples: ['ANEEL'] }),
  scope: OneOf(keyScopes, 'Which routes it opens'),
  madeBy: Type.String(),
  madeAt: Instant('When it was made'),
}
const Key = Type.Object(
  { ...fields, revokedBy: Nullable(Type.String()), revokedAt: Nullable(Instant('Since when it opens nothing')) },
  { $id: 'ApiKey' },
)
const MadeKey = Type.Object(
  { ...fields, key: Type.String({ description: 'Told here and now only: what is stored is its hash' }) },
  { $id: 'MadeApiKey' },
)
const ids = new Keyset(Type.Object({ keyId: Type.String({ pattern: '^[0-9a-f]{16}$' }) }))
const tag = 'users'

/** Keys of other systems, for admins. */
export const apiKeyRoutes = ({ access, database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/api-keys',
    operationId: 'listApiKeys',
    summary: 'Keys of other systems, those revoked too',
    ...{ tag, right: 'administer' as const },
    query: Type.Object(pageQuery()),
    answers: { 200: { description: 'Keys, without what proves them', schema: pageOf(Key) } },
    async handle({ query: { cursor, limit } }) {
      const rows = await selectKeys(database, ids.after(cursor)?.keyId ?? '', limit + 1)
      return { body: ids.page(rows.map(shown), limit, ({ keyId }) => ({ keyId })) }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/api-keys',
    operationId: 'makeApiKey',
    summary: 'A key for another system',
    description:
      'It goes in the header `x-api-key`, opens the routes of its scope, and nothing else. It is told once. Each use stands in the access log.',
    ...{ tag, right: 'administer' as const },
    body: Type.Object({
      name: Type.String({ pattern: '^\\S(.{0,98}\\S)?$', examples: ['ANEEL'] }),
      scope: OneOf(keyScopes, 'Which routes it opens'),
    }),
    answers: {
      201: { description: 'The key', schema: MadeKey },
      409: { description: 'A key in force has the name' },
    },
    async handle({ body: { name, scope }, identity, address }) {
      const made = makeKey()
      const { username } = identity!
      const stored = await insertKey(database, made, { name, scope, madeBy: username }, wallClock.now())
      if (!stored) throw conflict(`a key in force has the name ${name}`)
      await access.recordAccess({ event: 'api_key_made', identity, address, subject: subjectOf(stored), detail: scope })
      const { revokedBy: _by, revokedAt: _at, ...told } = shown(stored)
      return { status: 201, body: { ...told, key: made.key } }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/api-keys/{keyId}',
    operationId: 'revokeApiKey',
    summary: 'Take a key back',
    description: 'It opens nothing from now on.',
    ...{ tag, right: 'administer' as const },
    params: Type.Object({ keyId: Type.String({ pattern: '^[0-9a-f]{16}$', examples: ['0123456789abcdef'] }) }),
    answers: { 204: { description: 'It is taken back' } },
    async handle({ params: { keyId }, identity, address }) {
      const ended = await endKey(database, keyId, identity!.username, wallClock.now())
      if (!ended) throw notFound('key in force', 'path.keyId', keyId)
      await access.recordAccess({ event: 'api_key_revoked', identity, address, subject: subjectOf(ended) })
      return {}
    },
  }),
]

/** As the access log names a key. */
const subjectOf = ({ keyId, name }: Pick<ApiKey, 'keyId' | 'name'>): string => `key ${keyId} of ${name}`

const shown = ({ madeAt, revokedAt, ...rest }: ApiKey) => ({
  ...rest,
  madeAt: madeAt.toISOString(),
  revokedAt: revokedAt?.toISOString() ?? null,
})
