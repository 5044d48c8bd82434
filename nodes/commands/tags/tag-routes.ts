import { Type } from '@sinclair/typebox'
import { may, type Identity } from '../../../platform/access/identity.ts'
import { lackOf } from '../../../platform/access/roles.ts'
import { platformClock, wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { recordingRefusal } from '../requests/record-refusal.ts'
import { refusedRequest } from '../requests/refusal.ts'
import { placeTag } from './place-tag.ts'
import { removeTag } from './remove-tag.ts'
import { findTag, listTags, type ListedTag } from './tag-repository.ts'
import { equipmentKinds, tagKinds } from './tag.ts'

const tag = 'tags'
const tagId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The tag', examples: [1] })
const params = Type.Object({ tagId })
const kind = OneOf(
  tagKinds,
  'work_permit: somebody works on it, dead; hot_line: somebody works on it, live; do_not_operate: nobody touches it; reclose_blocked: it does not close again by itself',
)
const equipment = Type.Object({
  kind: OneOf(equipmentKinds, 'What it is'),
  id: IdentifierParameter('Its name in the network or in the registry', 'feeder-01-a'),
})
const document = Type.String({ ...Text(100, 'Number of the permit'), minLength: 1, examples: ['PT-2026-0412'] })
const reason = (description: string) =>
  Type.String({ ...Text(500, description), minLength: 1, examples: ['Cross-arm replaced'] })
const Tag = Type.Object(
  {
    ...{ tagId, kind, equipment: Type.Object({ kind: equipment.properties.kind, id: Type.String() }) },
    document: Nullable(Type.String({ description: 'Number of the permit' })),
    reason: Type.String({ description: 'Why it hangs' }),
    owner: Type.String({ description: 'Who placed it' }),
    placedAt: Instant('When'),
    removedBy: Nullable(Type.String({ description: 'Who removed it; null: it hangs' })),
    removedAt: Nullable(Instant('When')),
    removalReason: Nullable(Type.String({ description: 'Why, where its owner did not' })),
  },
  { $id: 'EquipmentTag' },
)
const Why = Type.Object({ en: Type.String(), pt: Type.String() })
const keys = new Keyset(Type.Object({ tagId: serialKey }))

/** Tags on equipment: what hangs, placing, removing. */
export const tagRoutes = ({ database, access }: Pick<Services, 'database' | 'access'>): readonly ApiRoute[] => {
  const asOperator = <T>(request: ApiRequest, what: string, work: (identity: Identity) => Promise<T>): Promise<T> => {
    const identity = request.identity!
    return recordingRefusal(
      access,
      what,
      () => ({ identity, address: request.address }),
      async () => {
        if (!may(identity, 'operate')) throw refusedRequest(403, 'wrong-role', lackOf(identity.role, 'operate'))
        return await work(identity)
      },
    )
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/tags',
      operationId: 'listTags',
      summary: 'Tags on equipment, the newest first',
      ...{ tag, right: 'read' as const },
      query: Type.Object({
        equipmentId: Type.Optional(IdentifierParameter('Those on this', 'sw-001')),
        kind: Type.Optional(kind),
        hanging: Type.Optional(Type.Boolean({ description: 'Those that hang; false: those that were removed' })),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Tags', schema: pageOf(Tag) } },
      async handle({ query: { cursor, limit, ...filter } }) {
        const before = keys.after(cursor)?.tagId
        const page = keys.page(await listTags(database, filter, { before, limit: limit + 1 }), limit, ({ tagId }) => ({
          tagId,
        }))
        return { body: { ...page, items: page.items.map(shown) } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/tags/{tagId}',
      operationId: 'getTag',
      summary: 'A tag',
      ...{ tag, right: 'read' as const, params },
      answers: { 200: { description: 'The tag', schema: Tag } },
      async handle({ params: { tagId } }) {
        const found = await findTag(database, tagId)
        if (!found) throw notFound('tag', 'path.tagId', tagId)
        return { body: shown(found) }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/tags',
      operationId: 'placeTag',
      summary: 'Hang a tag on equipment',
      description:
        'From the answer on no command is sent against it. Hot line takes the word of what feeds the line that reclosing is blocked. `warnings` say what whoever works there should know.',
      ...{ tag, right: 'operate' as const, refusesItself: true as const },
      body: Type.Object({
        ...{ kind, equipment, document: Type.Optional(document) },
        reason: reason('Why it hangs, for whoever meets it'),
      }),
      answers: {
        201: { description: 'It hangs', schema: Type.Object({ ...Tag.properties, warnings: Type.Array(Why) }) },
        409: {
          description:
            '`command-under-way`: something was sent that it would forbid; `reclose-not-confirmed`: the line may come back by itself',
        },
      },
      async handle(request) {
        const { kind, equipment, document = null, reason } = request.body
        const wanted = { kind, equipment, document, reason }
        const answer = await asOperator(request, `place ${kind} on ${equipment.id}`, (identity) =>
          database.transaction((client) =>
            placeTag(queriesOf(client), wanted, identity, wallClock.now(), platformClock.now()),
          ),
        )
        const placed = (await findTag(database, answer.tagId))!
        return { status: 201, body: { ...shown(placed), warnings: answer.warnings } }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/tags/{tagId}/remove',
      operationId: 'removeTag',
      summary: 'Take a tag away',
      description: 'Its owner does; or a supervisor, with the right `approve`, who says why.',
      ...{ tag, right: 'operate' as const, refusesItself: true as const, params },
      body: Type.Object({ reason: Type.Optional(reason('Why; needed unless the tag is your own')) }),
      answers: {
        200: { description: 'It hangs no more', schema: Tag },
        409: { description: 'It was removed already' },
      },
      async handle(request) {
        const { tagId } = request.params
        const { reason = null } = request.body
        const removed = await asOperator(request, `remove tag ${tagId}`, (identity) =>
          database.transaction((client) => removeTag(queriesOf(client), tagId, reason, identity, wallClock.now())),
        )
        return { body: shown(removed) }
      },
    }),
  ]
}

const shown = ({ tagId, kind, equipment, document, reason, owner, placedAt, removal }: ListedTag) => ({
  ...{ tagId, kind, equipment, document, reason, owner },
  placedAt: new Date(placedAt).toISOString(),
  removedBy: removal?.by ?? null,
  removedAt: removal ? new Date(removal.at).toISOString() : null,
  removalReason: removal?.reason ?? null,
})
